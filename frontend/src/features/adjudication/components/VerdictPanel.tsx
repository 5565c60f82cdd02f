import { Button, Textarea } from "@mantine/core";
import { useEffect, useRef } from "react";
import { FormFields } from "../../../shared/forms/components/FormFields";
import { isByVoxels } from "../../../shared/forms/types";
import type { Entries, OpenItem, VerdictAnswer } from "../api/item";
import { adoptedLetter, adoptedQuestions, checkedForm, plainAnswers, verdictForm } from "../model/entries";
import type { SaveState } from "../model/entries-saver";
import { hasDrawings } from "../model/places";
import styles from "../room.module.css";
import type { MasksInHand } from "../use-masks";
import { Attendees } from "./Attendees";
import { ComparisonTable } from "./ComparisonTable";
import { DrawnPlaces } from "./DrawnPlaces";
import { MasksOnImages } from "./MasksOnImages";
import { ReadingChoice } from "./ReadingChoice";

interface VerdictPanelProps {
  item: OpenItem;
  entries: Entries;
  problems: Readonly<Record<string, string>>;
  saveState: SaveState;
  refusal: string | null;
  isSettling: boolean;
  /** The reading whose drawings are on the images. */
  shownDrawings: string | null;
  onShowDrawings: (letter: string | null) => void;
  masks: MasksInHand;
  onShowPlace: (series: number, frame: number) => void;
  onChange: (entries: Entries) => void;
  onReload: () => void;
  onSettle: () => void;
}

const TITLES = {
  third_reader: "Your verdict",
  consensus: "The consensus",
  majority: "Your verdict",
} as const;

/** The readings side by side, and the verdict on what they disagree about. */
export function VerdictPanel(props: VerdictPanelProps) {
  const { item, entries, problems, isSettling, refusal, saveState, onChange } = props;
  const letters = item.originals.map(({ letter }) => letter);
  const answer = (key: string, value: VerdictAnswer) =>
    onChange({ ...entries, answers: { ...entries.answers, [key]: value } });
  const { state } = checkedForm(item, entries, false);
  const openCount = Object.keys(problems).length;
  const panel = useRef<HTMLElement>(null);
  const wasAsked = useRef(false);
  useEffect(() => {
    if (!wasAsked.current || Object.keys(problems).length === 0) return;
    wasAsked.current = false;
    showFirstProblem(panel.current);
  }, [problems]);
  return (
    <aside className={styles.panel} aria-label="Readings and verdict" ref={panel}>
      <div className={styles.scroll}>
        {saveState.kind === "elsewhere" && (
          <div className={styles.banner} role="alert">
            <span>This case is open in another tab or window, which has saved since.</span>
            <Button size="xs" variant="default" onClick={props.onReload}>
              Reload this case
            </Button>
          </div>
        )}
        {item.case_info.length > 0 && (
          <dl className={styles.caseInfo}>
            {item.case_info.map(({ label, value }) => (
              <div key={label} style={{ display: "contents" }}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        <h2 className={styles.heading}>Readings</h2>
        <ComparisonTable item={item} values={state.values} />
        {item.originals.some(hasDrawings) && (
          <div className={styles.drawings}>
            <ReadingChoice
              name="shown-drawings"
              label="Drawings on the images"
              letters={letters}
              chosen={props.shownDrawings}
              none="None"
              onChoose={props.onShowDrawings}
            />
            <DrawnPlaces item={item} letter={props.shownDrawings} onShow={props.onShowPlace} />
          </div>
        )}
        <MasksOnImages item={item} masks={props.masks} onShow={props.onShowPlace} />
        <h2 className={styles.heading}>{TITLES[item.mode]}</h2>
        <FormFields
          form={verdictForm(item)}
          answers={plainAnswers(entries)}
          state={state}
          problems={problems}
          isDisabled={isSettling}
          onAnswer={(key, value) => answer(key, value as VerdictAnswer)}
          drawing={null}
        />
        {adoptedQuestions(item).map((question) => (
          <ReadingChoice
            key={question.key}
            name={question.key}
            label={`${question.label}: whose ${isByVoxels(question) ? "mask" : "drawing"} stands`}
            letters={letters}
            chosen={adoptedLetter(entries, question.key)}
            problem={problems[question.key]}
            isDisabled={isSettling}
            hasColors={isByVoxels(question)}
            onChoose={(letter) => answer(question.key, letter === null ? null : { reading: letter })}
          />
        ))}
        {item.mode === "consensus" && (
          <Attendees
            codes={item.attendee_codes}
            chosen={entries.attendees}
            problem={problems.attendees}
            isDisabled={isSettling}
            onChange={(attendees) => onChange({ ...entries, attendees })}
          />
        )}
        <Textarea
          label="Reason"
          description="Why, in a sentence. It is kept with the verdict."
          required
          autosize
          minRows={2}
          maxRows={6}
          maxLength={2000}
          value={entries.reason}
          error={problems.reason}
          disabled={isSettling}
          onChange={(event) => onChange({ ...entries, reason: event.currentTarget.value })}
        />
      </div>
      <div className={styles.footer}>
        {refusal !== null && (
          <p className={styles.problem} role="alert">
            {refusal}
          </p>
        )}
        {openCount > 0 && <p className={styles.problem}>{openCount} to complete</p>}
        <Button
          onClick={() => {
            wasAsked.current = true;
            props.onSettle();
          }}
          loading={isSettling}
          fullWidth
        >
          Settle
        </Button>
      </div>
    </aside>
  );
}

/** What is still open may lie far below the readings: bring the first of it into view, with the keyboard on it. */
function showFirstProblem(panel: HTMLElement | null): void {
  const first = panel?.querySelector<HTMLElement>('[aria-invalid="true"]');
  first?.scrollIntoView({ block: "center" });
  const control = first?.matches("input, textarea")
    ? first
    : first?.querySelector<HTMLElement>("input, textarea");
  control?.focus({ preventScroll: true });
}
