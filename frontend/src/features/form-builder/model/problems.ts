import { isByVoxels, type Question, type QuestionOf } from "../../../shared/forms/types";

/** A problem that the server's check found; `path` as in `questions[2].show_if`. */
export interface FormProblem {
  path: string;
  text: string;
}

/** The problems of the question at a place, without the question's own name before them. */
export function problemsAt(problems: readonly FormProblem[], place: number): FormProblem[] {
  const start = `questions[${place}]`;
  return problems
    .filter(({ path }) => path === start || path.startsWith(`${start}.`))
    .map(({ path, text }) => ({
      path: path.slice(start.length + 1),
      text: text.replace(/^Question \d+( \([^)]*\))?: /, ""),
    }));
}

/** The part of a question that a problem is about: of `options[2]` the options. */
export const partOf = ({ path }: FormProblem): string => path.replace(/\[.*$/, "");

/** The parts of a question that have a field of their own in its editor. */
export function partsWithField(question: Question): ReadonlySet<string> {
  const isAsked = question.kind !== "derived";
  return new Set([
    ...["key", "label", "help", "section", "show_if"],
    ...(isAsked ? ["required"] : []),
    ...(isAsked && !question.required ? ["required_if"] : []),
    ...ownParts(question),
  ]);
}

function ownParts(question: Question): readonly string[] {
  switch (question.kind) {
    case "choice":
    case "ordinal":
    case "location":
      return ["options"];
    case "number":
      return RANGE;
    case "measurement":
      return [...RANGE, "axis", "of"];
    case "mark":
      return ["max_marks", "role", "options"];
    case "mask":
      return isByVoxels(question)
        ? ["role", "drawn_by", "labels", "statuses", "cut_off_mm"]
        : ["role", "drawn_by"];
    case "derived":
      return ["expr", "type", ...(question.type === "number" ? ["unit"] : []), ...categoryParts(question)];
    default:
      return [];
  }
}

const RANGE = ["min", "max", "step", "unit"] as const;
const categoryParts = ({ type }: QuestionOf<"derived">) => (type === "category" ? ["options"] : []);

/** The problems of the form as a whole. */
export function generalProblems(problems: readonly FormProblem[]): FormProblem[] {
  return problems.filter(({ path }) => !/^questions\[\d+\]/.test(path));
}
