import type { Document, FormDraft, InForce } from "../api/versions";

/** The amendable parts as the page edits them; adjudication, analysis plan and statements as JSON text. */
export interface Draft {
  title: string;
  objective: string;
  instructions: string;
  washoutDays: Record<number, number>;
  maxCases: number | null;
  maxMinutes: number | null;
  breakMinutes: number;
  passMarkPercent: number | null;
  maxAttempts: number | null;
  isSigned: boolean;
  form: FormDraft;
  adjudication: string;
  plan: string;
  statements: string;
}

export function draftOf({ title, document }: InForce): Draft {
  return {
    title,
    objective: document.objective,
    instructions: document.instructions,
    washoutDays: Object.fromEntries(document.design.sessions.map((one) => [one.ordinal, one.washout_days])),
    maxCases: document.sittings.max_cases,
    maxMinutes: document.sittings.max_minutes,
    breakMinutes: document.sittings.break_minutes,
    passMarkPercent: document.training === null ? null : Math.round(100 * document.training.pass_mark),
    maxAttempts: document.training?.max_attempts ?? null,
    isSigned: document.signature,
    form: document.form,
    adjudication: JSON.stringify(document.adjudication, null, 2),
    plan: JSON.stringify(document.analysis.plan ?? null, null, 2),
    statements: JSON.stringify(document.statements ?? null, null, 2),
  };
}

export type Parsed = { document: Document; title: string } | { problem: string };

/** The whole protocol with the draft's parts in it, or why a part cannot be read as JSON. */
export function amended(inForce: InForce, draft: Draft): Parsed {
  const adjudication = parsed(draft.adjudication);
  if (adjudication === undefined) return { problem: "The adjudication is not valid JSON." };
  const plan = parsed(draft.plan);
  if (plan === undefined) return { problem: "The analysis plan is not valid JSON." };
  const statements = parsed(draft.statements);
  if (statements === undefined) return { problem: "The statements for the report are not valid JSON." };
  const { document } = inForce;
  const training = document.training;
  return {
    title: draft.title.trim(),
    document: {
      ...document,
      objective: draft.objective,
      instructions: draft.instructions,
      design: {
        ...document.design,
        sessions: document.design.sessions.map((one) => ({
          ...one,
          washout_days: draft.washoutDays[one.ordinal] ?? one.washout_days,
        })),
      },
      sittings: {
        ...document.sittings,
        max_cases: draft.maxCases,
        max_minutes: draft.maxMinutes,
        break_minutes: draft.breakMinutes,
      },
      training:
        training === null
          ? null
          : {
              ...training,
              // A mark that was not touched keeps its digits.
              pass_mark:
                draft.passMarkPercent === Math.round(100 * training.pass_mark)
                  ? training.pass_mark
                  : (draft.passMarkPercent ?? 0) / 100,
              max_attempts: draft.maxAttempts ?? training.max_attempts,
            },
      signature: draft.isSigned,
      form: draft.form,
      adjudication,
      // A protocol from before there were plans goes on without the word.
      analysis:
        plan === null && document.analysis.plan === undefined
          ? document.analysis
          : { ...document.analysis, plan },
      ...(statements === null && document.statements === undefined ? {} : { statements }),
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
