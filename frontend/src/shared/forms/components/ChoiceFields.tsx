import type { Answer, Option, QuestionOf } from "../types";
import { Choice } from "./Choice";
import { describedBy, FieldGroup, type FieldProps, Help, Problem, problemId, radioGroup } from "./Field";
import styles from "./forms.module.css";

export function ChoiceField(props: FieldProps<"choice">) {
  const { question, answer, problem, isRequired, isDisabled, onAnswer } = props;
  const isMultiple = question.multiple === true;
  const chosen: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const pick = (value: Option["value"]) => {
    onAnswer(isMultiple ? toggled(question, answer ?? null, value) : value);
  };
  return (
    <FieldGroup
      question={question}
      problem={problem}
      isRequired={isRequired}
      role={isMultiple ? "group" : "radiogroup"}
      aside={isMultiple ? "all that apply" : undefined}
    >
      <div className={styles.scaleList}>
        {question.options.map((option) => (
          <Choice
            key={option.value}
            name={question.key}
            value={option.value}
            label={option.label}
            isChecked={chosen.includes(option.value)}
            isMultiple={isMultiple}
            hasProblem={problem !== undefined}
            isDisabled={isDisabled}
            onPick={() => pick(option.value)}
          >
            <span>{option.label}</span>
            {option.hint && <span className={styles.hint}>{option.hint}</span>}
          </Choice>
        ))}
      </div>
    </FieldGroup>
  );
}

/** The answer with one option more or less, in the order of the options; null when none is left. */
function toggled(question: QuestionOf<"choice">, answer: Answer, value: Option["value"]): Answer {
  const before: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const chosen = question.options
    .map((option) => option.value)
    .filter((one) => (one === value) !== before.includes(one));
  return chosen.length > 0 ? chosen : null;
}

/** A scale with its anchors; within it the digit of a point picks it. */
export function OrdinalField(props: FieldProps<"ordinal">) {
  const { question, answer, problem, isRequired, isDisabled, onAnswer } = props;
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (isDisabled || event.ctrlKey || event.metaKey || event.altKey) return;
    const option = question.options.find(({ value }) => String(value) === event.key);
    if (!option) return;
    event.preventDefault();
    onAnswer(option.value);
  };
  return (
    <FieldGroup
      question={question}
      problem={problem}
      isRequired={isRequired}
      role="radiogroup"
      onKeyDown={onKeyDown}
    >
      <div className={styles.scaleList}>
        {question.options.map((option) => (
          <Choice
            key={option.value}
            name={question.key}
            value={option.value}
            label={`${option.value} ${option.label}`}
            isChecked={answer === option.value}
            hasProblem={problem !== undefined}
            isDisabled={isDisabled}
            onPick={() => onAnswer(option.value)}
          >
            <span className={styles.scaleValue}>{option.value}</span>
            <span>{option.label}</span>
            {option.hint && <span className={styles.hint}>{option.hint}</span>}
          </Choice>
        ))}
      </div>
    </FieldGroup>
  );
}

export function YesNoField(props: FieldProps<"yes_no">) {
  const { question, answer, problem, isRequired, isDisabled, onAnswer } = props;
  const choice = (value: boolean, text: string) => (
    <Choice
      name={question.key}
      value={value}
      label={`${question.label}: ${text.toLowerCase()}`}
      isChecked={answer === value}
      hasProblem={problem !== undefined}
      isDisabled={isDisabled}
      isCentered
      onPick={() => onAnswer(value)}
    >
      <span aria-hidden>{text}</span>
    </Choice>
  );
  return (
    <fieldset
      className={styles.question}
      data-compact
      {...radioGroup(isRequired, problem)}
      aria-label={question.label}
      aria-describedby={describedBy(question, problem)}
    >
      <div className={styles.line}>
        <span className={isRequired ? `${styles.lineLabel} ${styles.required}` : styles.lineLabel}>
          {question.label}
        </span>
        <div className={styles.yesNo}>
          {choice(true, "Yes")}
          {choice(false, "No")}
        </div>
      </div>
      <Help question={question} />
      <Problem id={problemId(question.key)} text={problem} />
    </fieldset>
  );
}
