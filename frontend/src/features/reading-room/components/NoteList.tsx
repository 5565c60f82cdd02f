import { ActionIcon, Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { annotationName, annotationWords } from "../../../viewer/measuring/words";
import type { Annotation } from "../api/read";
import { type Difference, differenceWords } from "../model/notes";
import styles from "../reading-room.module.css";

interface NoteListProps {
  annotations: readonly Annotation[];
  differences: readonly Difference[];
  isDisabled: boolean;
  onShow: (annotation: Annotation) => void;
  onWrite: (uuid: string) => void;
  onRemove: (uuid: string) => void;
}

/** What is measured and noted on the images beside the form. */
export function NoteList({ annotations, differences, isDisabled, onShow, onWrite, onRemove }: NoteListProps) {
  if (annotations.length === 0) return null;
  return (
    <section aria-labelledby="notes-title">
      <h2 id="notes-title" className={styles.notesTitle}>
        On the images, beside the form
      </h2>
      <ul className={styles.drawn} aria-label="Measurements and notes beside the form">
        {annotations.map((one) => (
          <li key={one.uuid} className={styles.noteRow} data-note={one.tool}>
            <button type="button" className={styles.drawnJump} onClick={() => onShow(one)}>
              Slice {one.frame}: {annotationWords(one)}
            </button>
            {(one.tool === "arrow" || one.tool === "text") && (
              <Button
                size="compact-xs"
                h={32}
                variant="subtle"
                disabled={isDisabled}
                aria-label={`Write ${annotationWords(one)}, slice ${one.frame}`}
                onClick={() => {
                  onShow(one);
                  onWrite(one.uuid);
                }}
              >
                Write
              </Button>
            )}
            <ActionIcon
              size={32}
              variant="subtle"
              color="gray"
              aria-label={`Delete the ${annotationName(one).toLowerCase()} on slice ${one.frame}`}
              disabled={isDisabled}
              onClick={() => onRemove(one.uuid)}
            >
              <IconTrash size={16} stroke={1.6} aria-hidden />
            </ActionIcon>
            <Differences of={one.uuid} differences={differences} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the server measures something else than this browser, it says so. */
export function Differences({ of, differences }: { of: string; differences: readonly Difference[] }) {
  return differences
    .filter(({ uuid }) => uuid === of)
    .map((one) => (
      <span key={one.field} className={styles.warning} role="alert">
        {differenceWords(one)}
      </span>
    ));
}
