import type { ReactNode } from "react";
import type { Answer, Kind, Question, QuestionOf } from "../types";
import styles from "./forms.module.css";

export interface FieldProps<K extends Kind> {
  question: QuestionOf<K>;
  answer: Answer | undefined;
  problem: string | undefined;
  isRequired: boolean;
  isDisabled: boolean;
  onAnswer: (value: Answer) => void;
}

export const problemId = (key: string): string => `problem-${key}`;
export const helpId = (key: string): string => `help-${key}`;

/** The ids of the texts that describe a question's control. */
export function describedBy(question: Question, problem: string | undefined): string | undefined {
  const ids = [question.help && helpId(question.key), problem && problemId(question.key)].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

export function Problem({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p className={styles.problem} id={id}>
      {text}
    </p>
  );
}

export function Help({ question }: { question: Question }) {
  if (question.help === "") return null;
  return (
    <p className={styles.help} id={helpId(question.key)}>
      {question.help}
    </p>
  );
}

export function labelClass(isRequired: boolean): string {
  return isRequired ? `${styles.inputLabel} ${styles.required}` : (styles.inputLabel ?? "");
}

/** A group of radio buttons, and whether it is required or wrong; of a plain group its texts say so. */
export const radioGroup = (isRequired: boolean, problem: string | undefined) => ({
  role: "radiogroup",
  "aria-required": isRequired || undefined,
  "aria-invalid": problem !== undefined || undefined,
});

interface GroupProps {
  question: Question;
  problem: string | undefined;
  isRequired: boolean;
  role?: "radiogroup" | "group";
  /** Stands at the end of the label's line. */
  aside?: ReactNode;
  onKeyDown?: (event: React.KeyboardEvent) => void;
  children: ReactNode;
}

/** A question of several controls: its label, what helps, what is wrong. */
export function FieldGroup(props: GroupProps) {
  const { question, problem, isRequired, role = "group", aside, onKeyDown, children } = props;
  return (
    <fieldset
      className={styles.question}
      aria-describedby={describedBy(question, problem)}
      onKeyDown={onKeyDown}
      {...(role === "radiogroup" ? radioGroup(isRequired, problem) : {})}
    >
      <legend className={styles.label}>
        <span className={isRequired ? styles.required : undefined}>{question.label}</span>
        {aside && <span className={styles.aside}>{aside}</span>}
      </legend>
      <Help question={question} />
      {children}
      <Problem id={problemId(question.key)} text={problem} />
    </fieldset>
  );
}
