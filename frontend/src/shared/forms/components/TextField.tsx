import { Textarea } from "@mantine/core";
import { type FieldProps, labelClass } from "./Field";
import styles from "./forms.module.css";

export function TextField(props: FieldProps<"text">) {
  const { question, answer, problem, isRequired, isDisabled, onAnswer } = props;
  return (
    <div className={styles.question}>
      <Textarea
        label={question.label}
        name={question.key}
        description={question.help || undefined}
        value={typeof answer === "string" ? answer : ""}
        rows={2}
        classNames={{ label: labelClass(isRequired), description: styles.help }}
        error={problem}
        aria-required={isRequired || undefined}
        disabled={isDisabled}
        onChange={(event) => onAnswer(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      />
    </div>
  );
}
