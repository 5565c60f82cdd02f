import type { Aid } from "../api/get-aid";
import styles from "../reading-room.module.css";

/** What is to be known of the value beside itself: its score, its version, its doubts. */
export function AidDetails({ id, aid }: { id: string; aid: Aid }) {
  const all = [...aid.notes, aid.probability_note, uncertaintyNote(aid)];
  const notes = [...new Set(all)].filter((note) => note !== "");
  return (
    <div id={id} className={styles.details}>
      <p>Version {aid.model.semver}</p>
      {aid.probability !== null && <Score aid={aid} />}
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Score({ aid }: { aid: Aid }) {
  return (
    <>
      <p>
        {aid.score !== null && `Score ${signed(aid.score)}`}
        {aid.numeric_uncertainty !== null && ` ${plusMinus(aid.numeric_uncertainty)}`}
        {aid.cut_off !== null && ` · positive from ${signed(aid.cut_off)}`}
      </p>
      {aid.numeric_uncertainty !== null && (
        <p>
          ± is how far the score moves with choices of computing that should not matter. It does not say how
          often the model is wrong.
        </p>
      )}
    </>
  );
}

function plusMinus(uncertainty: number): string {
  return `± ${uncertainty.toPrecision(1)}`;
}

function uncertaintyNote({ numeric_uncertainty }: Aid): string {
  if (numeric_uncertainty === null) return "";
  return (
    `${plusMinus(numeric_uncertainty)}: the most that the score changed when it was computed again with small ` +
    "changes that should not matter. It is not a confidence interval."
  );
}

function signed(value: number): string {
  return value.toFixed(2).replace("-", "−");
}
