import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./forms.module.css";

interface ChoiceProps {
  id?: string;
  name: string;
  value: string | number | boolean;
  label: string;
  isChecked: boolean;
  isMultiple?: boolean;
  isCentered?: boolean;
  hasProblem: boolean;
  isDisabled: boolean;
  onPick: () => void;
  onFocusChange?: (hasFocus: boolean) => void;
  children: ReactNode;
}

/** One option of a question: a radio button or checkbox over the whole of its box. */
export function Choice(props: ChoiceProps) {
  const { id, name, value, label, isChecked, isMultiple = false, isCentered, hasProblem, isDisabled } = props;
  return (
    <label
      className={isCentered ? `${styles.choice} ${styles.centered}` : styles.choice}
      data-problem={hasProblem || undefined}
    >
      <input
        id={id}
        type={isMultiple ? "checkbox" : "radio"}
        name={name}
        value={String(value)}
        checked={isChecked}
        aria-label={label}
        disabled={isDisabled}
        onChange={props.onPick}
        onFocus={() => props.onFocusChange?.(true)}
        onBlur={() => props.onFocusChange?.(false)}
      />
      {isMultiple && (
        <span className={styles.tick} aria-hidden>
          <IconCheck size={12} stroke={2.5} />
        </span>
      )}
      {props.children}
    </label>
  );
}
