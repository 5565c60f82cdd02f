import type { CurveResult, Results } from "../api/get-results";
import { curveLabel } from "../model/format";
import { droppedByReason } from "../model/tables";

function notesOf(result: CurveResult): string[] {
  const dropped = droppedByReason(result.dropped).map(
    ({ reason, cases }) => `${cases.length} case${cases.length === 1 ? "" : "s"} left out, ${reason}`,
  );
  return [...result.auc.warnings, ...dropped].map((note) => `${curveLabel(result.curve)}: ${note}.`);
}

/** What a reader of the tables must know of single curves: warnings and cases left out. */
export function Notes({ results }: { results: Results }) {
  const notes = results.curves.flatMap(notesOf);
  if (notes.length === 0) return null;
  return (
    <ul className="rr-notes" aria-label="Notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
