import styles from "../room.module.css";
import { Swatch } from "./MasksOnImages";

interface ReadingChoiceProps {
  name: string;
  label: string;
  letters: readonly string[];
  chosen: string | null;
  problem?: string;
  isDisabled?: boolean;
  /** Whether each reading has its color beside its letter. */
  hasColors?: boolean;
  /** What is offered before the readings, with the value null. */
  none?: string;
  onChoose: (letter: string | null) => void;
}

/** One of the readings, by its letter. */
export function ReadingChoice(props: ReadingChoiceProps) {
  const { name, label, letters, chosen, problem, isDisabled = false, hasColors = false, none } = props;
  const choices: (string | null)[] = none === undefined ? [...letters] : [null, ...letters];
  const problemId = `problem-${name}`;
  return (
    <fieldset className={styles.fieldset} aria-describedby={problem === undefined ? undefined : problemId}>
      <legend>{label}</legend>
      <div className={styles.readings}>
        {choices.map((letter) => (
          <label key={letter ?? "none"} className={styles.reading}>
            <input
              type="radio"
              name={name}
              value={letter ?? ""}
              checked={chosen === letter}
              disabled={isDisabled}
              aria-label={letter === null ? none : `Reading ${letter}`}
              onChange={() => props.onChoose(letter)}
            />
            <span className={styles.letter} aria-hidden>
              {hasColors && letter !== null && <Swatch letter={letter} />}
              {letter ?? none}
            </span>
          </label>
        ))}
      </div>
      {problem !== undefined && (
        <p className={styles.problem} id={problemId}>
          {problem}
        </p>
      )}
    </fieldset>
  );
}
