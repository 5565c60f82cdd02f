import {
  endpointsText,
  listsText,
  parted,
  pieces,
  plainNumber,
  readEndpoints,
  readLists,
  readWords,
  wordsText,
} from "../../../shared/lib/plan-lines";
import type { AnalysisPlan, ModelAnswer, ProtocolDocument } from "./document";
import type { PlanField } from "./plan-fields";

/** What is read from a field: its value, or why there is none. */
export type Read<Value> = { value: Value } | { problem: string };

function numbers(text: string): Read<number[]> {
  const found = pieces(text);
  const wrong = found.find((piece) => plainNumber(piece) === null);
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

/** One number above 0 and, where there is an end, below it. */
function oneNumber(text: string, below: number, problem: string): Read<number | undefined> {
  const found = numbers(text);
  if ("problem" in found) return found;
  if (found.value.length > 1) return { problem: "One number, with a point: 0.1." };
  const [value] = found.value;
  return value === undefined || (value > 0 && value < below) ? { value } : { problem };
}

export function readMargin(text: string): Read<number | undefined> {
  return oneNumber(text, 0.5, "A margin is above 0 and below 0.5.");
}

/** One number that is 0 or above, and below an end. */
function readFrom0(text: string, below: number): Read<number | undefined> {
  const found = numbers(text);
  if ("problem" in found) return found;
  const [value] = found.value;
  const isLimit = found.value.length === 1 && value !== undefined && value >= 0 && value < below;
  return value === undefined || isLimit
    ? { value }
    : { problem: `One number, 0 or above and below ${below}.` };
}

/** Ascending whole numbers from 2 on. */
export function readCounts(text: string): Read<number[]> {
  const found = numbers(text);
  if ("problem" in found) return found;
  if (found.value.some((value) => !Number.isInteger(value) || value < 2)) {
    return { problem: "Each is a whole number from 2 on." };
  }
  return ascending(found.value) ? found : { problem: "They must ascend, each of them once." };
}

/** A low and a higher end from 0 to 1, or nothing. */
export function readRange(text: string): Read<number[]> {
  const found = numbers(text);
  if ("problem" in found || found.value.length === 0) return found;
  const [low = 0, high = 0] = found.value;
  const isRange = found.value.length === 2 && low >= 0 && low < high && high <= 1;
  return isRange ? found : { problem: "A low and a higher end from 0 to 1: 0.8, 1." };
}

const LINK = "model, question, call: no, yes";
const LIMITED = "model, question, probability: low, 0.3, high";

/** A model's output as an answer to a question, a line each. */
export function readLinks(text: string): Read<ModelAnswer[]> {
  const lines = parted(text, LINK);
  if ("problem" in lines) return lines;
  const found: ModelAnswer[] = [];
  for (const [head, rest] of lines.value) {
    const [model, question, output, ...more] = pieces(head);
    if (!model || !question || more.length > 0) return { problem: `“${head}” is not written as: ${LINK}.` };
    const said = saidBy(output, pieces(rest));
    if (said === null) {
      const wanted = output === "call" ? LINK : LIMITED;
      return { problem: `What ${model} says to ${question} is not written as: ${wanted}.` };
    }
    if (found.some((one) => one.model === model && one.question === question)) {
      return { problem: `${model} answers ${question} twice.` };
    }
    found.push({ model, question, ...said });
  }
  return { value: found };
}

/** Answers and the limits between them, from the pieces after the colon. */
function saidBy(
  output: string | undefined,
  said: string[],
): Pick<ModelAnswer, "output" | "answers" | "cut_offs"> | null {
  if (said.includes("")) return null;
  if (output === "call") return said.length === 2 ? { output, answers: said } : null;
  if (output !== "probability" && output !== "score") return null;
  const answers = said.filter((_, index) => index % 2 === 0);
  const cutOffs = said.filter((_, index) => index % 2 === 1).map(plainNumber);
  const limits = cutOffs.filter((one) => one !== null);
  if (said.length < 3 || said.length % 2 === 0 || limits.length !== cutOffs.length) return null;
  return ascending(limits) ? { output, answers, cut_offs: limits } : null;
}

function linksText(links: readonly ModelAnswer[]): string {
  return links
    .map(({ model, question, output, answers, cut_offs = [] }) => {
      const said = answers.flatMap((answer, index) => {
        const limit = cut_offs[index - 1];
        return limit === undefined ? [answer] : [String(limit), answer];
      });
      return `${model}, ${question}, ${output}: ${said.join(", ")}`;
    })
    .join("\n");
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

function readKind(field: PlanField, text: string): Read<PlanValue | undefined> {
  switch (field.kind) {
    case "margin":
      return readMargin(text);
    case "fraction":
      return oneNumber(text, 1, "This is above 0 and below 1.");
    case "from-0":
      return readFrom0(text, field.below);
    case "time":
      return oneNumber(text, Number.POSITIVE_INFINITY, "A time is above 0.");
    case "text":
    case "choice":
      return { value: text.trim() === "" ? undefined : text.trim() };
    case "names":
    case "choices":
      return readNames(text);
    case "pairs":
      return readPairs(text);
    case "counts":
      return readCounts(text);
    case "range":
      return readRange(text);
    case "words":
      return readWords(text, field.known);
    case "lists":
      return readLists(text);
    case "endpoints":
      return readEndpoints(text);
    case "links":
      return readLinks(text);
    default:
      return readNumbers(text, field.kind);
  }
}

/** The value of a field as the plan holds it, undefined where nothing is planned. */
export function readField(field: PlanField, text: string): Read<PlanValue | undefined> {
  const found = readKind(field, text);
  const isNothing =
    "value" in found && typeof found.value === "object" && Object.keys(found.value).length === 0;
  return isNothing ? { value: undefined } : found;
}

/** What the plan holds for a field, as the field shows it. */
export function fieldText(field: PlanField, plan: AnalysisPlan | null | undefined): string {
  const own = plan ?? {};
  switch (field.kind) {
    case "words":
      return wordsText(own[field.key] ?? {});
    case "lists":
      return listsText(own[field.key] ?? {});
    case "endpoints":
      return endpointsText(own[field.key] ?? []);
    case "links":
      return linksText(own[field.key] ?? []);
    case "pairs":
      return (own[field.key] ?? []).map((pair) => pair.join(", ")).join("\n");
    default: {
      const value = own[field.key];
      if (value === undefined || value === null) return "";
      return Array.isArray(value) ? value.join(", ") : String(value);
    }
  }
}

/** Puts a value into the plan; a plan of nothing is none. */
export function plan(document: ProtocolDocument, key: PlanField["key"], value: PlanValue | undefined): void {
  const next: AnalysisPlan = { ...document.analysis.plan };
  if (value === undefined) delete next[key];
  else Object.assign(next, { [key]: value });
  if (Object.keys(next).length === 0) delete document.analysis.plan;
  else document.analysis.plan = next;
}
