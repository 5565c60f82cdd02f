import type { Form } from "../types";
import styles from "./forms.module.css";

interface ErrorSummaryProps {
  form: Form;
  problems: Readonly<Record<string, string>>;
  onGoTo: (questionKey: string) => void;
}

/** What is left to correct, each a way to its question. */
export function ErrorSummary({ form, problems, onGoTo }: ErrorSummaryProps) {
  const wrong = form.questions.filter(({ key }) => key in problems);
  if (wrong.length === 0) return null;
  return (
    <div className={styles.summary} role="alert">
      <p>{wrong.length === 1 ? "1 question to correct" : `${wrong.length} questions to correct`}</p>
      <ul>
        {wrong.map(({ key, label }) => (
          <li key={key}>
            <button type="button" onClick={() => onGoTo(key)}>
              {label}: {problems[key]}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Put the keyboard on a question of a form: its chosen option, else its first control. */
export function focusQuestion(panel: HTMLElement | null, key: string): void {
  const question = panel?.querySelector(`[data-question="${CSS.escape(key)}"]`);
  const control =
    question?.querySelector<HTMLElement>("input:checked") ??
    question?.querySelector<HTMLElement>("input:not([type=range]), textarea, select, button");
  control?.focus({ preventScroll: true });
  question?.scrollIntoView({ block: "nearest" });
}
