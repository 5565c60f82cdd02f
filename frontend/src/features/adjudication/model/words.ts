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
        : { title: casesText(worklist.waiting), detail: leftText(worklist), action: "Open the next case" };
    case "nothing_now":
      return {
        title: "Nothing to adjudicate now",
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
        detail: "No verdict is given any more. What you have settled is part of the data.",
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

function casesText(count: number): string {
  return count === 1 ? "1 case waits" : `${count} cases wait`;
}

function leftText({ open_item, waiting, minutes_per_item }: AdjudicationWorklist): string {
  const left = waiting + (open_item === null ? 0 : 1);
  const about = minutes_per_item === null ? "" : ` About ${durationText(left * minutes_per_item)} of work.`;
  if (open_item === null)
    return `The readers disagree on them.${about}`.replace(/them/, left === 1 ? "it" : "them");
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
