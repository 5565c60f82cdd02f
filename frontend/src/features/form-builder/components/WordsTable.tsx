import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useContext } from "react";
import styles from "../form-builder.module.css";
import { addWord, MOST_WORDS, relabelWord, type Word } from "../model/words";
import { FieldProblems, PartProblems } from "./field-problems";

interface WordsTableProps {
  part: "labels" | "statuses";
  title: string;
  /** "label" or "status". */
  word: string;
  words: readonly Word[];
  onChange: (words: readonly Word[] | undefined) => void;
}

/** The words that a reader chooses one of for every segment: what is stored, and what is shown. */
export function WordsTable({ part, title, word, words, onChange }: WordsTableProps) {
  const problems = useContext(FieldProblems);
  const set = (next: readonly Word[]) => onChange(next.length === 0 ? undefined : next);
  const isWrong = (place: number) => problems.some(({ path }) => path === `${part}[${place}]`);
  return (
    <fieldset className={styles.options}>
      <legend className={styles.inputLabel}>{title}</legend>
      {words.length > 0 && (
        <div className={styles.optionHead} aria-hidden>
          <span>Stored as</span>
          <span>Label</span>
        </div>
      )}
      {words.map(({ key, label }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: keys of words change while they are typed
        <div key={place} className={styles.option}>
          <TextInput
            size="xs"
            aria-label={`Key of ${word} ${place + 1}`}
            classNames={{ input: styles.code }}
            error={isWrong(place)}
            value={key}
            onChange={(event) => set(words.with(place, { key: event.currentTarget.value, label }))}
          />
          <TextInput
            size="xs"
            aria-label={`Text of ${word} ${place + 1}`}
            error={isWrong(place)}
            value={label}
            onChange={(event) => set(relabelWord(words, place, event.currentTarget.value))}
          />
          <ActionIcon
            size={30}
            variant="subtle"
            color="gray"
            aria-label={`Delete ${word} ${place + 1}`}
            onClick={() => set(words.toSpliced(place, 1))}
          >
            <IconX size={14} stroke={1.8} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <PartProblems part={part} />
      <Button
        size="compact-xs"
        h={30}
        variant="subtle"
        leftSection={<IconPlus size={14} stroke={1.8} aria-hidden />}
        disabled={words.length >= MOST_WORDS}
        onClick={() => set(addWord(words, `${word} ${words.length + 1}`))}
      >
        Add {word}
      </Button>
    </fieldset>
  );
}
