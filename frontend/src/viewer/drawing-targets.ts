import type { CaseDrawings, DrawingTarget, DrawingTool, ViewerSeries } from "./types";

/** The question that a tool draws for: the one named, or the only kind of question that its drawings answer. */
export function targetOf(
  targets: readonly DrawingTarget[],
  tool: DrawingTool | "paint",
  question?: string,
): DrawingTarget | undefined {
  const own = targets.filter((target) => target.tool === tool);
  if (question !== undefined) return own.find((target) => target.question === question);
  // Which of several pairs of axes a measurement fills is for the form to say, not for the order of questions.
  return tool === "bidirectional" && own.length > 1 ? undefined : own[0];
}

/** Why a question cannot be drawn for on the series shown, in words for the reader; null when it can. */
export function allowance(
  target: DrawingTarget,
  series: readonly ViewerSeries[],
  shown: number,
  drawings: CaseDrawings | null,
): string | null {
  const { label, most, question, role } = target;
  const here = series.find(({ index }) => index === shown);
  if (role !== null && here?.role !== role) {
    const fitting = series.filter((one) => one.role === role).map(({ title }) => title);
    return fitting.length > 0
      ? `${label} is drawn on ${fitting.join(" or ")} only.`
      : `${label} is drawn on ${role} images, and this case has none.`;
  }
  if (most === null || drawings === null || target.tool !== "mark") return null;
  const count = drawings.marks.filter((mark) => mark.question === question).length;
  return count < most ? null : `${label}: at most ${most === 1 ? "one mark" : `${most} marks`}.`;
}
