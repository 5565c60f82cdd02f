import type { Membership } from "../api/get-me";
import type { Turn } from "../api/get-turn";

export interface TurnText {
  text: string;
  /** The instant that the text ends with. */
  until: string | null;
  /** Whether the member can do something now. */
  isWork: boolean;
}

const work = (text: string): TurnText => ({ text, until: null, isWork: true });
const rest = (text: string, until: string | null = null): TurnText => ({ text, until, isWork: false });

/** What is said of a study in which nobody reads yet, or any more. */
export function phaseText(phase: Membership["phase"]): TurnText | null {
  if (phase === "DESIGN") return rest("Reading has not begun");
  return phase === "LOCKED" ? rest("The study is closed") : null;
}

/** What waits for a member in a study, in a few words; null where there is nothing to say. */
export function turnText({ status, opensAt, isCorrecting }: Turn): TurnText | null {
  if (isCorrecting && status !== "locked") return work("A correction waits for you");
  switch (status) {
    case "open":
      return work("A case waits for you");
    case "to_sign":
      return work("A session waits for your signature");
    case "waiting":
    case "break":
      return opensAt === null ? rest("Opens later") : rest("Opens", opensAt);
    case "nothing_now":
    case "complete":
      return rest("Nothing to do now");
    case "failed":
      return rest("Training not passed");
    default:
      return null;
  }
}
