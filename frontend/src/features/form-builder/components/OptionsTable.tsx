import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useContext } from "react";
import type { Option, Question } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import { addOption, relabelOption } from "../model/edit";
import { FieldProblems, PartProblems } from "./field-problems";
import { PlaceOptions } from "./PlaceOptions";
import type { ChangeParts } from "./QuestionEditor";

interface OptionsTableProps {
  question: Question & { options?: Option[] };
  onChange: ChangeParts;
}

/** The options of a question: what is stored, and what the reader sees. */
export function OptionsTable({ question, onChange }: OptionsTableProps) {
  const options = question.options ?? [];
  const problems = useContext(FieldProblems);
  const isWrong = (place: number) => problems.some(({ path }) => path === `options[${place}]`);
  const isScale = question.kind === "ordinal";
  const isNumeric =
    isScale || (options.length > 0 ? typeof options[0]?.value === "number" : question.kind === "mark");
  const set = (next: Option[]) =>
    onChange({ options: next.length === 0 && question.kind === "mark" ? undefined : next });
  const change = (place: number, parts: Partial<Option>) =>
    set(options.with(place, { ...(options[place] as Option), ...parts }));
  const hasPlaces = question.kind === "location" && question.diagram !== undefined;
  const title = isScale ? "Points of the scale" : question.kind === "mark" ? "Rating of a mark" : "Options";
  return (
    <fieldset className={styles.options}>
      <legend className={styles.inputLabel}>{title}</legend>
      {hasPlaces && (
        <PlaceOptions
          view={question.view ?? "axial"}
          options={options}
          onPlace={(place, at) => change(place, { at })}
        />
      )}
      <div className={styles.optionHead} aria-hidden>
        <span>{isScale ? "Point" : "Stored as"}</span>
        <span>{isScale ? "Anchor" : "Label"}</span>
      </div>
      {options.map((option, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values of options change while they are typed
        <div key={place} className={styles.option}>
          <ValueInput
            name={`Value ${place + 1}`}
            value={option.value}
            isNumeric={isNumeric}
            isWrong={isWrong(place)}
            onChange={(value) => change(place, { value })}
          />
          <TextInput
            size="xs"
            aria-label={`Label ${place + 1}`}
            error={isWrong(place)}
            value={option.label}
            onChange={(event) => set(relabelOption(options, place, event.currentTarget.value))}
          />
          <ActionIcon
            size={30}
            variant="subtle"
            color="gray"
            aria-label={`Delete option ${place + 1}`}
            onClick={() => set(options.toSpliced(place, 1))}
          >
            <IconX size={14} stroke={1.8} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <PartProblems part="options" />
      <Button
        size="compact-xs"
        h={30}
        variant="subtle"
        leftSection={<IconPlus size={14} stroke={1.8} aria-hidden />}
        onClick={() => set(addOption(options, isNumeric))}
      >
        Add option
      </Button>
    </fieldset>
  );
}

interface ValueInputProps {
  name: string;
  value: Option["value"];
  isNumeric: boolean;
  isWrong: boolean;
  onChange: (value: Option["value"]) => void;
}

function ValueInput({ name, value, isNumeric, isWrong, onChange }: ValueInputProps) {
  if (!isNumeric) {
    return (
      <TextInput
        size="xs"
        aria-label={name}
        classNames={{ input: styles.code }}
        error={isWrong}
        value={String(value)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <NumberInput
      size="xs"
      aria-label={name}
      error={isWrong}
      value={value}
      allowDecimal={false}
      hideControls
      onChange={(next) => next !== "" && onChange(Number(next))}
    />
  );
}
