import { Fragment, useId, useState } from "react";
import { bySide } from "../regions";
import type { Option, QuestionOf } from "../types";
import { Choice } from "./Choice";
import { FieldGroup, type FieldProps } from "./Field";
import styles from "./forms.module.css";
import { PelvisDrawing } from "./PelvisDrawing";

/** Regions in rows, sides in columns; the patient's right on the left, as on the image and on the diagram. */
export function LocationField(props: FieldProps<"location">) {
  const { question, answer, problem, isRequired, isDisabled, onAnswer } = props;
  const [focused, setFocused] = useState<Option["value"] | null>(null);
  const prefix = useId();
  const regions = bySide(question.options);
  const choice = (option: Option, text: string, isCentered: boolean) => (
    <Choice
      key={option.value}
      id={`${prefix}${option.value}`}
      name={question.key}
      value={option.value}
      label={option.label}
      isChecked={answer === option.value}
      isCentered={isCentered}
      hasProblem={problem !== undefined}
      isDisabled={isDisabled}
      onPick={() => onAnswer(option.value)}
      onFocusChange={(hasFocus) => setFocused(hasFocus ? option.value : null)}
    >
      <span aria-hidden>{text}</span>
    </Choice>
  );
  return (
    <FieldGroup question={question} problem={problem} isRequired={isRequired} role="radiogroup">
      {question.diagram === "pelvis" && (
        <PelvisDiagram
          question={question}
          chosen={answer}
          focused={focused}
          isDisabled={isDisabled}
          idOf={(option) => `${prefix}${option.value}`}
        />
      )}
      {regions ? (
        <div className={styles.sides}>
          {regions.map(({ region, right, left }) => (
            <Fragment key={region}>
              <span>{region}</span>
              {choice(right, "Right", true)}
              {choice(left, "Left", true)}
            </Fragment>
          ))}
        </div>
      ) : (
        <div className={styles.scaleList}>
          {question.options.map((option) => choice(option, option.label, false))}
        </div>
      )}
    </FieldGroup>
  );
}

interface DiagramProps {
  question: QuestionOf<"location">;
  chosen: unknown;
  focused: Option["value"] | null;
  isDisabled: boolean;
  idOf: (option: Option) => string;
}

/** The places on the picture are labels of the radio buttons below it, which the keyboard reaches. */
function PelvisDiagram({ question, chosen, focused, isDisabled, idOf }: DiagramProps) {
  return (
    <div className={styles.diagram} data-diagram={question.view ?? "axial"}>
      <PelvisDrawing view={question.view ?? "axial"} />
      {question.options.map((option) => {
        if (!option.at) return null;
        const [x, y] = option.at;
        return (
          <label
            key={option.value}
            htmlFor={idOf(option)}
            className={styles.spot}
            style={{ left: `${x}%`, top: `${y}%` }}
            title={option.label}
            data-spot={option.value}
            data-chosen={chosen === option.value || undefined}
            data-focused={focused === option.value || undefined}
            data-disabled={isDisabled || undefined}
          >
            <span className={styles.unseen}>{option.label}</span>
          </label>
        );
      })}
    </div>
  );
}
