import { formatDateTime, formatRelative, formatUtc } from "../../../shared/lib/dates";
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

/** The session whose turn it is, in the attempt that is being made. */
export function sessionOfTurn({ sessions, next }: Worklist): WorklistSession | undefined {
  return sessions.findLast((one) => one.ordinal === next.session_ordinal);
}

function titleOf(worklist: Worklist): string {
  return sessionOfTurn(worklist)?.title ?? "";
}

function waitingText(worklist: Worklist, now: Date): TurnText {
  const { opens_at, position } = worklist.next;
  const when = opens_at === null ? "" : `${formatDateTime(opens_at)} (${formatRelative(opens_at, now)})`;
  const utc = opens_at === null ? "" : `That is ${formatUtc(opens_at)}. `;
  const isWholeSession = position === 1;
  const title = titleOf(worklist) || `Session ${worklist.next.session_ordinal}`;
  const reason = isWholeSession
    ? "Enough time has to pass between two readings of the same case."
    : "Not enough time has passed yet since you read this case before.";
  return {
    title: isWholeSession ? `${title} opens on ${when}` : `The next case opens on ${when}`,
    detail: `${utc}${reason} There is nothing to do until then.`,
    action: null,
  };
}

/** `4:05`, minutes and seconds; whole seconds, rounded up, so that it ends at zero and not before. */
export function countdown(opensAt: string, now: Date): string {
  const left = Math.max(0, Math.ceil((new Date(opensAt).getTime() - now.getTime()) / 1000));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

function breakText({ opens_at }: NextTurn, now: Date): TurnText {
  if (opens_at === null) return { title: "Break", detail: "The next case opens soon.", action: null };
  const until = `${formatDateTime(opens_at).slice(-5)} (${formatUtc(opens_at).slice(-9)})`;
  return {
    title: `Break: ${countdown(opens_at, now)}`,
    detail: `You have read for a while, and everything is saved. The next case opens here at ${until}.`,
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
      return { title: titleOf(worklist), detail: openDetail(worklist), action: "Read next case" };
    case "waiting":
      return waitingText(worklist, now);
    case "break":
      return breakText(next, now);
    case "to_sign":
      return {
        title: `${titleOf(worklist)} is read`,
        detail: "Every case is submitted. Sign the session with your password to close it.",
        action: "Sign session",
      };
    case "failed":
      return {
        title: "The training was not passed",
        detail: "No attempt is left. Please talk to the study's coordinator; the study itself stays closed.",
        action: null,
      };
    case "complete":
      return {
        title: "All your cases are read",
        detail: isCorrecting(worklist)
          ? "Every read is submitted and locked. One that you asked to correct is open again below."
          : "Thank you. Every read is submitted and locked; nothing is left to do in this study.",
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
        detail:
          "Its data are locked for analysis; no case can be read any more. There is nothing left to do.",
        action: null,
      };
  }
}

function isCorrecting({ correctable }: Worklist): boolean {
  return correctable.some((one) => one.request?.status === "granted");
}

function openDetail(worklist: Worklist): string {
  const session = sessionOfTurn(worklist);
  const place = `${caseOf(worklist.next)}.`;
  if (!session?.is_training) return place;
  const again = session.attempt > 1 ? ` Attempt ${session.attempt}, in a new order.` : "";
  return `${place}${again} You are told after each case how it should have been answered.`;
}

/** Whole percent, rounded down: what is short of a mark must not look like it. */
const percent = (share: number): string => `${Math.floor(share * 100 + 1e-9)}%`;

/** What is to be known of a session beside its title. */
export function sessionNote(session: WorklistSession, { sessions, training }: Worklist): string {
  if (!session.is_training) {
    return aidNote(
      session,
      sessions.some((one) => one.is_aided),
    );
  }
  if (training === null) return "Before the study";
  const attempt =
    training.max_attempts > 1 ? `Attempt ${session.attempt} of ${training.max_attempts}, p` : "P";
  return `${attempt}assed from ${percent(training.pass_mark)}`;
}

/** Where no session has a model, there is none to speak of. */
function aidNote({ is_aided, steps }: WorklistSession, hasModel: boolean): string {
  if (steps > 1) return is_aided ? `In ${steps} steps, with the model's output` : `In ${steps} steps`;
  if (!hasModel) return "";
  return is_aided ? "With the model's output" : "Without the model's output";
}

/** One line beside a session's progress. `turn`: of the whole study, which may be closed or at a break. */
export function sessionStatusText(session: WorklistSession, turn: NextTurn["status"]): string {
  if (session.score !== null) {
    return `${session.is_passed ? "Passed" : "Not passed"}: ${percent(session.score)} right`;
  }
  if (turn === "locked" && session.status !== "complete") return "Not finished";
  switch (session.status) {
    case "complete":
      return "Complete";
    case "open":
      return session.submitted === 0 ? "Ready" : "In progress";
    case "waiting":
      if (turn === "break") return "Break";
      return session.opens_at === null ? "Waiting" : `Opens ${formatDateTime(session.opens_at)}`;
    case "to_sign":
      return "To be signed";
    case "failed":
      return "Not passed";
    case "not_open":
      return "Not open yet";
  }
}
