import { Button, NativeSelect, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import type { QuestionOf } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import { combinations, piecesOf, withLabels } from "../model/words";
import { useProblem } from "./field-problems";
import type { ChangeParts } from "./QuestionEditor";
import { RoleField } from "./RoleField";
import { WordsTable } from "./WordsTable";

interface MaskFieldsProps {
  question: QuestionOf<"mask">;
  onChange: ChangeParts;
}

/** How a mask is drawn; of one that is painted, what its segments can be called and where their size decides. */
export function MaskFields({ question, onChange }: MaskFieldsProps) {
  const isPainted = question.drawn_by === "voxels";
  const chooseHow = (how: string) =>
    onChange(
      how === "voxels"
        ? { drawn_by: "voxels" }
        : { drawn_by: undefined, labels: undefined, statuses: undefined, cut_off_mm: undefined },
    );
  return (
    <>
      <div className={styles.pair}>
        <NativeSelect
          label="Drawn by"
          size="xs"
          value={isPainted ? "voxels" : "outline"}
          error={useProblem("drawn_by")}
          data={[
            { value: "outline", label: "Outlines, slice by slice" },
            { value: "voxels", label: "Painting, voxel by voxel" },
          ]}
          onChange={(event) => chooseHow(event.currentTarget.value)}
        />
        <RoleField question={question} onChange={onChange} />
      </div>
      {isPainted && <SegmentParts question={question} onChange={onChange} />}
    </>
  );
}

function SegmentParts({ question, onChange }: MaskFieldsProps) {
  const { labels = [], statuses = [] } = question;
  return (
    <>
      <NumberInput
        label="Cut-off of the short axis (mm)"
        description="A segment within a pixel of it is marked as borderline."
        size="xs"
        placeholder="None"
        min={0}
        hideControls
        value={question.cut_off_mm ?? ""}
        error={useProblem("cut_off_mm")}
        onChange={(value) => onChange({ cut_off_mm: value === "" ? undefined : Number(value) })}
      />
      <WordsTable
        part="labels"
        title="Labels of a segment"
        word="label"
        words={labels}
        onChange={(next) => onChange({ labels: next })}
      />
      <RegionsAndSides onAdd={(added) => onChange({ labels: withLabels(labels, added) })} />
      <WordsTable
        part="statuses"
        title="Statuses of a segment"
        word="status"
        words={statuses}
        onChange={(next) => onChange({ statuses: next })}
      />
      {statuses.length === 0 && (
        <Button
          size="compact-xs"
          h={30}
          variant="subtle"
          justify="start"
          onClick={() => onChange({ statuses: withLabels([], ["positive", "negative"]) })}
        >
          Use positive and negative
        </Button>
      )}
    </>
  );
}

/** Labels for every region on every side, instead of one by one. */
function RegionsAndSides({ onAdd }: { onAdd: (labels: string[]) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [regions, setRegions] = useState("");
  const [sides, setSides] = useState("left, right");
  const labels = combinations(piecesOf(regions), piecesOf(sides));
  if (!isOpen) {
    return (
      <Button size="compact-xs" h={30} variant="subtle" justify="start" onClick={() => setOpen(true)}>
        Labels from regions and sides …
      </Button>
    );
  }
  return (
    <fieldset className={styles.generator} aria-label="Labels from regions and sides">
      <div className={styles.pair}>
        <Textarea
          label="Regions"
          size="xs"
          autosize
          minRows={2}
          maxRows={8}
          placeholder="obturator, internal iliac"
          value={regions}
          onChange={(event) => setRegions(event.currentTarget.value)}
        />
        <Textarea
          label="Sides"
          size="xs"
          autosize
          minRows={2}
          maxRows={4}
          value={sides}
          onChange={(event) => setSides(event.currentTarget.value)}
        />
      </div>
      <div className={styles.generatorFoot}>
        <Button
          size="xs"
          h={30}
          variant="default"
          disabled={piecesOf(regions).length === 0}
          onClick={() => {
            onAdd(labels);
            setOpen(false);
            setRegions("");
          }}
        >
          {piecesOf(regions).length === 0 ? "Add labels" : `Add ${labels.length} labels`}
        </Button>
        <Button size="xs" h={30} variant="subtle" color="gray" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}
