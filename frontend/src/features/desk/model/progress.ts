import type { ReaderProgress, SessionProgress } from "../api/get-progress";
import type { DeskStudy } from "../api/get-study";

/** The rows of a reader's attempts at the training share an ordinal. */
function isTriedAgain(sessions: readonly SessionProgress[], index: number): boolean {
  return sessions.slice(index + 1).some((one) => one.ordinal === sessions[index]?.ordinal);
}

/** What a row of the training is called: by its attempt where there are several. */
export function attemptTitle(sessions: readonly SessionProgress[], index: number): string {
  const attempts = sessions.filter((one) => one.ordinal === sessions[index]?.ordinal);
  const attempt = sessions.slice(0, index + 1).filter((one) => attempts.includes(one)).length;
  return attempts.length > 1 ? `Training, attempt ${attempt}` : "Training";
}

/** Why nothing more comes of a row that was not brought to its end; null where it was, or still may be. */
export function endOfReading(
  reader: ReaderProgress,
  index: number,
  phase: DeskStudy["phase"],
): string | null {
  const cell = reader.sessions[index];
  if (cell === undefined) return null;
  if (isTriedAgain(reader.sessions, index)) return "Not passed";
  if (cell.submitted === cell.total) return null;
  if (reader.is_withdrawn) return "Left the study";
  return phase === "LOCKED" ? "Not finished" : null;
}
