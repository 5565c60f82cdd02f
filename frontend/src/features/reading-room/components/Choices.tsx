import type { ReactNode } from "react";
import type { Scalar } from "../api/read";
import styles from "../reading-room.module.css";

interface ChoiceProps {
  name: string;
  value: Scalar;
  answer: Scalar | undefined;
  label: string;
  hasProblem: boolean;
  isDisabled: boolean;
  isCentered?: boolean;
  onPick: (value: Scalar) => void;
  children: ReactNode;
}

/** One option of a question: a radio button over the whole of its box. */
export function Choice(props: ChoiceProps) {
  const { name, value, answer, label, hasProblem, isDisabled, isCentered, onPick, children } = props;
  return (
    <label
      className={isCentered ? `${styles.choice} ${styles.centered}` : styles.choice}
      data-problem={hasProblem || undefined}
    >
      <input
        type="radio"
        name={name}
        value={String(value)}
        checked={answer === value}
        aria-label={label}
        disabled={isDisabled}
        onChange={() => onPick(value)}
      />
      {children}
    </label>
  );
}

export function Problem({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p className={styles.problem} id={id}>
      {text}
    </p>
  );
}
