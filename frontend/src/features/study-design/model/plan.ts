import type { AnalysisPlan, ProtocolDocument } from "./document";

/** What is read from a field: its value, or why there is none. */
export type Read<Value> = { value: Value } | { problem: string };

type Lists = "prevalences" | "risk_cutoffs" | "times";
type Names = "subgroups" | "development" | "predictors" | "covariates" | "clinical" | "survival_groups";
type Texts = "strata" | "time_unit";

interface FieldOf<Kind extends string, Key> {
  kind: Kind;
  key: Key;
  label: string;
  help: string;
  example: string;
}

export type PlanField =
  | FieldOf<"number", "margin">
  | FieldOf<"shares" | "times", Lists>
  | FieldOf<"names", Names>
  | FieldOf<"text", Texts>
  | FieldOf<"pairs", "reclassification">;

export const PLAN_FIELDS: readonly { title: string; fields: readonly PlanField[] }[] = [
  {
    title: "Accuracy",
    fields: [
      {
        kind: "number",
        key: "margin",
        label: "Margin of non-inferiority",
        help: "On the area under the curve, of a model against the readers; above 0 and below 0.5.",
        example: "0.1",
      },
      {
        kind: "shares",
        key: "prevalences",
        label: "Prevalences",
        help: "For predictive values besides those at the study's own.",
        example: "0.1, 0.3",
      },
      {
        kind: "names",
        key: "subgroups",
        label: "Subgroups",
        help: "Columns of the cases by whose groups results are repeated.",
        example: "center, sex",
      },
    ],
  },
  {
    title: "Models",
    fields: [
      {
        kind: "names",
        key: "development",
        label: "Cohorts the models were made on",
        help: "Names of cohorts, or “all cases”.",
        example: "development",
      },
      {
        kind: "names",
        key: "predictors",
        label: "Predictors of the reference standard",
        help: "Columns or models of a logistic regression, drawn as a nomogram.",
        example: "radiomics, age",
      },
      {
        kind: "pairs",
        key: "reclassification",
        label: "Reclassification (NRI, IDI)",
        help: "One pair of models a line: the old one, the new one.",
        example: "clinical, nomogram",
      },
      {
        kind: "shares",
        key: "risk_cutoffs",
        label: "Limits of risk categories",
        help: "For the reclassification by categories.",
        example: "0.2, 0.5",
      },
    ],
  },
  {
    title: "Survival",
    fields: [
      {
        kind: "times",
        key: "times",
        label: "Times",
        help: "Of survival estimates and time-dependent curves, ascending.",
        example: "12, 24, 36",
      },
      {
        kind: "text",
        key: "time_unit",
        label: "Unit of time",
        help: "As follow-up is given.",
        example: "months",
      },
      {
        kind: "names",
        key: "survival_groups",
        label: "Groups of survival curves",
        help: "Columns compared by the log-rank test.",
        example: "stage",
      },
      {
        kind: "text",
        key: "strata",
        label: "Strata of the log-rank test",
        help: "One column.",
        example: "center",
      },
      {
        kind: "names",
        key: "covariates",
        label: "Covariates of the Cox models",
        help: "Columns or models that are screened one by one.",
        example: "age, stage",
      },
      {
        kind: "names",
        key: "clinical",
        label: "Clinical covariates",
        help: "These always enter the multivariate model.",
        example: "stage",
      },
    ],
  },
];

/** The pieces between commas, without the spaces around them; nothing for an empty text. */
function pieces(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((piece) => piece.trim());
}

function numbers(text: string): Read<number[]> {
  const found = pieces(text);
  const wrong = found.find((piece) => !/^-?(\d+(\.\d*)?|\.\d+)$/.test(piece));
  if (wrong !== undefined) {
    return { problem: wrong === "" ? "A number is missing beside a comma." : `“${wrong}” is no number.` };
  }
  return { value: found.map(Number) };
}

function ascending(values: number[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));
}

/** Numbers that ascend and lie above 0; shares also below 1. */
export function readNumbers(text: string, kind: "shares" | "times"): Read<number[]> {
  const found = numbers(text);
  if ("problem" in found) return found;
  if (kind === "shares" && found.value.some((value) => value <= 0 || value >= 1)) {
    return { problem: "Each is a share above 0 and below 1, such as 0.3." };
  }
  if (found.value.some((value) => value <= 0)) return { problem: "Each is above 0." };
  return ascending(found.value) ? found : { problem: "They must ascend, each of them once." };
}

export function readMargin(text: string): Read<number | undefined> {
  const found = numbers(text);
  if ("problem" in found) return found;
  if (found.value.length > 1) return { problem: "One number, with a point: 0.1." };
  const [value] = found.value;
  return value === undefined || (value > 0 && value < 0.5)
    ? { value }
    : { problem: "A margin is above 0 and below 0.5." };
}

export function readNames(text: string): Read<string[]> {
  const found = pieces(text);
  if (found.includes("")) return { problem: "A name is missing beside a comma." };
  const twice = found.find((name, index) => found.indexOf(name) !== index);
  return twice === undefined ? { value: found } : { problem: `“${twice}” stands here twice.` };
}

export function readPairs(text: string): Read<[string, string][]> {
  const found: [string, string][] = [];
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [old, next, ...more] = pieces(line);
    if (!old || !next || more.length > 0) {
      return { problem: `“${line.trim()}” is no pair: write the old model, a comma, the new one.` };
    }
    if (old === next) return { problem: `“${old}” is compared with itself.` };
    if (found.some((one) => one[0] === old && one[1] === next)) {
      return { problem: `“${old}, ${next}” stands here twice.` };
    }
    found.push([old, next]);
  }
  return { value: found };
}

type PlanValue = NonNullable<AnalysisPlan[PlanField["key"]]>;

/** The value of a field as the plan holds it, undefined where nothing is planned. */
export function readField(field: PlanField, text: string): Read<PlanValue | undefined> {
  if (field.kind === "number") return readMargin(text);
  if (field.kind === "text") return { value: text.trim() === "" ? undefined : text.trim() };
  const found =
    field.kind === "names"
      ? readNames(text)
      : field.kind === "pairs"
        ? readPairs(text)
        : readNumbers(text, field.kind);
  return "problem" in found || found.value.length > 0 ? found : { value: undefined };
}

/** A value as its field shows it. */
export function fieldText(value: AnalysisPlan[PlanField["key"]]): string {
  if (value === undefined || value === null) return "";
  if (!Array.isArray(value)) return String(value);
  const isPairs = value.some((one) => Array.isArray(one));
  return isPairs
    ? (value as string[][]).map((pair) => pair.join(", ")).join("\n")
    : (value as (string | number)[]).join(", ");
}

/** Puts a value into the plan; a plan of nothing is none. */
export function plan(document: ProtocolDocument, key: PlanField["key"], value: PlanValue | undefined): void {
  const next: AnalysisPlan = { ...document.analysis.plan };
  if (value === undefined) delete next[key];
  else Object.assign(next, { [key]: value });
  if (Object.keys(next).length === 0) delete document.analysis.plan;
  else document.analysis.plan = next;
}
