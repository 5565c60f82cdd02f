import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import type { DrawnFieldProps } from "../drawn";
import type { Question } from "../types";
import styles from "./forms.module.css";

interface HeadProps {
  question: Question;
  drawing: DrawnFieldProps | null;
  isDisabled: boolean;
  text: string;
  word: string;
}

/** What is drawn for a question so far, and the button that takes up its tool. */
export function DrawHead({ question, drawing, isDisabled, text, word }: HeadProps) {
  if (drawing === null) {
    return <p className={styles.help}>Drawn on the images in the reading room.</p>;
  }
  const { isArmed, onArm } = drawing;
  // The name begins with what is read on it, for those who speak to the page.
  const does = isArmed ? "Done" : word;
  return (
    <div className={styles.drawnHead}>
      <span className={styles.aside} data-drawn-summary={question.key}>
        {text}
      </span>
      <Button
        size="xs"
        h="auto"
        py={9}
        classNames={{ label: styles.buttonWord }}
        variant={isArmed ? "filled" : "default"}
        leftSection={<IconPencil size={14} stroke={1.8} aria-hidden />}
        aria-label={`${does}: ${question.label}`}
        disabled={isDisabled && !isArmed}
        onClick={() => onArm(question.key)}
      >
        {does}
      </Button>
    </div>
  );
}
