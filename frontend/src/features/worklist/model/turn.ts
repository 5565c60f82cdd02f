import { formatDateTime, formatRelative } from "../../../shared/lib/dates";
import type { NextTurn, Worklist, WorklistSession } from "../api/get-worklist";

export interface TurnText {
  title: string;
  /** Words under the title, one sentence or two. */
  detail: string;
  /** Label of the one primary action; none when there is nothing to do now. */
  action: string | null;
}

function caseOf(next: NextTurn): string {
  return `Case ${next.position ?? "–"} of ${next.total ?? "–"}`;
}

function titleOf(worklist: Worklist): string {
  const session = worklist.sessions.find((one) => one.ordinal === worklist.next.session_ordinal);
  return session === undefined ? "" : session.title;
}

function waitingText(worklist: Worklist, now: Date): TurnText {
  const { opens_at, session_ordinal, position } = worklist.next;
  const when = opens_at === null ? "" : `${formatDateTime(opens_at)} (${formatRelative(opens_at, now)})`;
  const isWholeSession = position === 1;
  return {
    title: isWholeSession ? `Session ${session_ordinal} opens on ${when}` : `The next case opens on ${when}`,
    detail: isWholeSession
      ? "Enough time has to pass between two readings of the same case. There is nothing to do until then."
      : "Not enough time has passed yet since you read this case before. There is nothing to do until then.",
    action: null,
  };
}

/** What the worklist says of the reader's next turn. */
export function turnText(worklist: Worklist, now: Date): TurnText {
  const { next } = worklist;
  switch (next.status) {
    case "open":
      if (next.resumes_draft) {
        return {
          title: titleOf(worklist),
          detail: `${caseOf(next)}. You have begun this case; your draft is kept.`,
          action: "Resume case",
        };
      }
      return { title: titleOf(worklist), detail: `${caseOf(next)}.`, action: "Read next case" };
    case "waiting":
      return waitingText(worklist, now);
    case "complete":
      return {
        title: "All your cases are read",
        detail: "Thank you. Every read is submitted and locked; nothing is left to do in this study.",
        action: null,
      };
    case "not_frozen":
      return {
        title: "Reading has not begun",
        detail: "The study is still being designed. Your cases appear here once its protocol is frozen.",
        action: null,
      };
    case "locked":
      return {
        title: "This study is closed",
        detail: "Its data are locked for analysis; no case can be read any more.",
        action: null,
      };
  }
}

/** One line beside a session's progress. */
export function sessionStatusText(session: WorklistSession): string {
  switch (session.status) {
    case "complete":
      return "Complete";
    case "open":
      return session.submitted === 0 ? "Ready" : "In progress";
    case "waiting":
      return session.opens_at === null ? "Waiting" : `Opens ${formatDateTime(session.opens_at)}`;
    case "not_open":
      return "Not open yet";
  }
}
