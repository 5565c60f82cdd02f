import { type KeyboardEvent, useState } from "react";
import styles from "./viewer.module.css";

interface NoteEditorProps {
  /** What is written so far. */
  text: string;
  label: string;
  /** Every letter: what is written is not to be lost, whatever closes this. */
  onType: (text: string) => void;
  /** Null leaves the text as it was. */
  onDone: (text: string | null) => void;
}

const MAX_TEXT = 500;

/** Where the text of a note or an arrow is written, over the image. */
export function NoteEditor({ text, label, onType, onDone }: NoteEditorProps) {
  const [value, setValue] = useState(text);
  const onKeyDown = (event: KeyboardEvent) => {
    // The keys of the viewer are letters here.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") onDone(value);
    else if (event.key === "Escape") onDone(null);
    else return;
    event.preventDefault();
  };
  return (
    <form
      className={styles.noteEditor}
      data-note-editor
      onSubmit={(event) => event.preventDefault()}
      onMouseDown={(event) => event.stopPropagation()}
    >
      <label>
        <span>{label}</span>
        <input
          type="text"
          value={value}
          maxLength={MAX_TEXT}
          // biome-ignore lint/a11y/noAutofocus: it is there because the reader has just begun to write
          autoFocus
          autoComplete="off"
          onChange={(event) => {
            setValue(event.currentTarget.value);
            onType(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <button type="button" className={styles.tool} onClick={() => onDone(value)}>
        Keep
      </button>
      <button type="button" className={styles.tool} onClick={() => onDone(null)}>
        Cancel
      </button>
    </form>
  );
}
