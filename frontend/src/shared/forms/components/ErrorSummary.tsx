import type { Form } from "../types";
import styles from "./forms.module.css";

/** What is said of nearly every question: in the list its label is enough. */
const OPEN = "Please answer this question.";

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
    <div className={styles.summary}>
      <p role="status">{wrong.length === 1 ? "1 to correct" : `${wrong.length} to correct`}</p>
      <ul>
        {wrong.map(({ key, label }) => (
          <li key={key}>
            <button type="button" onClick={() => onGoTo(key)}>
              <span>{label}</span>
              {problems[key] !== OPEN && <span className={styles.aside}>{problems[key]}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Put the keyboard on a question of a form: its chosen option, else its first control. */
export function focusQuestion(panel: HTMLElement | null, key: string): void {
  const question = panel?.querySelector(`[data-question="${key}"]`);
  const control =
    question?.querySelector<HTMLElement>("input:checked") ??
    question?.querySelector<HTMLElement>("input:not([type=range]), textarea, select, button");
  control?.focus({ preventScroll: true });
  question?.scrollIntoView({ block: "nearest" });
}
