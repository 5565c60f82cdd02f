import type {
  AgreementTable,
  Comparison,
  CurveResult,
  DroppedCase,
  KappaPair,
  Results,
} from "../api/get-results";

export interface AucRow {
  name: string;
  kind: "reader" | "model";
  /** One entry an arm of the design, in its order; null where the reader read nothing. A model has one entry. */
  cells: (CurveResult | null)[];
}

/** AUCs by reader and arm, the models after the readers. */
export function aucRows(results: Results): AucRow[] {
  const readers = results.readers.map<AucRow>((name) => ({
    name,
    kind: "reader",
    cells: results.arms.map(
      (arm) => results.curves.find(({ curve }) => curve.name === name && curve.arm === arm) ?? null,
    ),
  }));
  const models = results.models.map<AucRow>((name) => ({
    name,
    kind: "model",
    cells: [results.curves.find(({ curve }) => curve.kind === "model" && curve.name === name) ?? null],
  }));
  return [...readers, ...models];
}

export function comparisonsOf(results: Results, kind: Comparison["kind"]): Comparison[] {
  return results.comparisons.filter((comparison) => comparison.kind === kind);
}

export interface AgreementQuestion {
  id: string;
  label: string;
  tables: AgreementTable[];
}

const WEIGHTS_TEXT = {
  unweighted: "",
  linear: ", linear weights",
  quadratic: ", quadratic weights",
} as const;

/** The kappa matrices by question and weights; within a question one a arm. */
export function agreementQuestions(results: Results): AgreementQuestion[] {
  const questions = new Map<string, AgreementQuestion>();
  for (const table of results.agreement) {
    const id = `${table.question}/${table.matrix.weights}`;
    const question = questions.get(id) ?? {
      id,
      label: `${table.label.replace(">=", "≥")}${WEIGHTS_TEXT[table.matrix.weights]}`,
      tables: [],
    };
    question.tables.push(table);
    questions.set(id, question);
  }
  return [...questions.values()];
}

export function pairOf(table: AgreementTable, a: string, b: string): KappaPair | undefined {
  return table.matrix.pairs.find(
    (pair) => (pair.rater_a === a && pair.rater_b === b) || (pair.rater_a === b && pair.rater_b === a),
  );
}

/** Dropped cases told once by reason, in the order in which the reasons first appear. */
export function droppedByReason(dropped: readonly DroppedCase[]): { reason: string; cases: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { case: name, reason } of dropped) groups.set(reason, [...(groups.get(reason) ?? []), name]);
  return [...groups].map(([reason, cases]) => ({ reason, cases }));
}
