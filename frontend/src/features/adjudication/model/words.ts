import type { AdjudicationWorklist, Mode } from "../api/worklist";

export interface WorkText {
  title: string;
  detail: string;
  /** What the button says; null when there is nothing to do. */
  action: string | null;
}

export const MODE_TEXTS: Readonly<Record<Mode, string>> = {
  third_reader: "You give the verdict where the readers disagree.",
  consensus: "You chair the readers' meeting and record what it agrees on.",
  majority: "Where more than half of the readers agree, that stands. You give the verdict on the rest.",
};

/** What an adjudicator is told of the work, in one title and one sentence. */
export function workText(worklist: AdjudicationWorklist): WorkText {
  switch (worklist.status) {
    case "open":
      return worklist.open_item !== null
        ? { title: "A case is open", detail: leftText(worklist), action: "Continue" }
        : { title: titleText(worklist), detail: leftText(worklist), action: "Open the next case" };
    case "nothing_now":
      return {
        title: isMeeting(worklist) ? "Nothing to discuss now" : "Nothing to adjudicate now",
        detail: "A case appears here once its readers have read it and disagree.",
        action: null,
      };
    case "not_frozen":
      return {
        title: "Not started",
        detail: "The protocol of this study is not frozen yet.",
        action: null,
      };
    case "locked":
      return {
        title: "The study is locked",
        detail: isMeeting(worklist)
          ? "No consensus is recorded any more. What the meetings have settled is part of the data."
          : "No verdict is given any more. What you have settled is part of the data.",
        action: null,
      };
    case "no_adjudication":
      return {
        title: "No adjudication in this study",
        detail: "The protocol does not plan any.",
        action: null,
      };
  }
}

const isMeeting = ({ mode }: AdjudicationWorklist): boolean => mode === "consensus";

function titleText(worklist: AdjudicationWorklist): string {
  const cases = casesText(worklist.waiting);
  return isMeeting(worklist) ? `${cases} for the meeting` : cases;
}

function casesText(count: number): string {
  return count === 1 ? "1 case waits" : `${count} cases wait`;
}

function leftText(worklist: AdjudicationWorklist): string {
  const { open_item, waiting, minutes_per_item } = worklist;
  const left = waiting + (open_item === null ? 0 : 1);
  const work = isMeeting(worklist) ? "" : " of work";
  const about = minutes_per_item === null ? "" : ` About ${durationText(left * minutes_per_item)}${work}.`;
  if (open_item === null) {
    const call = isMeeting(worklist) ? "; open each case in the meeting." : ".";
    return `The readers disagree on ${left === 1 ? "it" : "them"}${call}${about}`;
  }
  return `${waiting === 0 ? "No other case waits." : `${casesText(waiting)} after it.`}${about}`;
}

/** "40 minutes", "1 hour 20 minutes". */
export function durationText(minutes: number): string {
  const whole = Math.max(1, Math.round(minutes));
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  const parts = [
    hours > 0 ? `${hours} ${hours === 1 ? "hour" : "hours"}` : "",
    rest > 0 ? `${rest} ${rest === 1 ? "minute" : "minutes"}` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}
