import type { OpenRead } from "../api/read";

export interface SubmitWords {
  /** On the button below the form. */
  ask: string;
  title: string;
  /** What will have happened. */
  detail: string;
  /** On the button that does it. */
  confirm: string;
}

type Submittable = Pick<OpenRead, "alias" | "status" | "step" | "steps">;

/** What submitting is called and means: a case, one step of a case, or a correction. */
export function submitWords({ alias, status, step, steps }: Submittable): SubmitWords {
  if (status === "reopened") {
    return {
      ask: "Submit correction",
      title: `Correct ${alias}`,
      detail: "Your first answers stay on record; these are added beside them with your reason.",
      confirm: "Submit correction",
    };
  }
  if (steps === 1) {
    return {
      ask: "Submit",
      title: `Submit ${alias}`,
      detail: "Submitting locks this read. It cannot be changed afterward.",
      confirm: "Submit and lock",
    };
  }
  const words = { ask: `Commit step ${step} of ${steps}`, title: `Commit step ${step} of ${alias}` };
  if (step === steps) {
    const detail =
      "Committing locks these answers, and with them the case. They cannot be changed afterward.";
    return { ...words, detail, confirm: "Commit and lock" };
  }
  return {
    ...words,
    detail: `Committing locks these answers. The case goes on with step ${step + 1}, which begins with them.`,
    confirm: "Commit and go on",
  };
}

/** Which step of the case this is, and what the reader has for it; null where a case is read once. */
export function stepText(read: Pick<OpenRead, "step" | "steps" | "session">): string | null {
  if (read.steps === 1) return null;
  const aid = read.session.is_aided ? "with the model" : "without the model";
  return `Step ${read.step} of ${read.steps}: ${aid}`;
}
