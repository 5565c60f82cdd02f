import { type FormState, openReason } from "../check";
import type { Answer, Form, QuestionOf } from "../types";
import { Help } from "./Field";
import styles from "./forms.module.css";

interface DerivedFieldProps {
  question: QuestionOf<"derived">;
  form: Form;
  state: FormState;
}

/** A value that follows from others: shown, never entered; while there is none, why. */
export function DerivedField({ question, form, state }: DerivedFieldProps) {
  const value = state.values[question.key] ?? null;
  return (
    <div className={styles.question} data-compact>
      <div className={styles.line}>
        <span className={styles.lineLabel}>{question.label}</span>
        <output
          className={styles.lineValue}
          data-open={value === null || undefined}
          data-derived={question.key}
          title={value === null ? openReason(form, question, state) : undefined}
        >
          {value === null ? openReason(form, question, state) : derivedText(question, value)}
        </output>
      </div>
      <Help question={question} />
    </div>
  );
}

function derivedText(question: QuestionOf<"derived">, value: Answer): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const option = question.options?.find((one) => one.value === value);
  if (option) return typeof value === "number" ? `${value} ${option.label}` : option.label;
  const text = typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
  return question.unit ? `${text} ${question.unit}` : text;
}
