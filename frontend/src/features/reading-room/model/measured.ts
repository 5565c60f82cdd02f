import type { Form, Measurement, QuestionOf, Scalar } from "../api/read";
import type { Answers } from "./form";

/** A measurement as the viewer gives it, which knows nothing of questions. */
export type Drawn = Omit<Measurement, "question" | "points_mm"> & {
  points_mm: readonly (readonly [number, number, number])[];
};

const measurementQuestions = (form: Form): QuestionOf<"measurement">[] =>
  form.questions.filter((question) => question.kind === "measurement");

/** The question that a measurement answers: the short axis, which the long axis comes with. */
export function boundQuestion(form: Form): string | null {
  const questions = measurementQuestions(form);
  return (questions.find((question) => question.axis === "short") ?? questions[0])?.key ?? null;
}

/**
 * Give the drawn measurements their question: one fills the form, the rest are notes on the image.
 *
 * A new drawing takes the form over; when the one that filled it goes, the newest that is left does.
 */
export function bindMeasurements(
  form: Form,
  previous: readonly Measurement[],
  drawn: readonly Drawn[],
): Measurement[] {
  const question = boundQuestion(form);
  const known = new Map(previous.map((one) => [one.uuid, one.question]));
  const fresh = drawn.filter((one) => !known.has(one.uuid)).at(-1);
  const filling = drawn.find((one) => known.get(one.uuid) != null);
  const wasTyped = previous.length > 0 && previous.every((one) => one.question === null);
  const bound = fresh ?? filling ?? (wasTyped ? undefined : drawn.at(-1));
  return drawn.map((one) => ({
    ...one,
    points_mm: one.points_mm.map(([x, y, z]) => [x, y, z]) as Measurement["points_mm"],
    question: one.uuid === bound?.uuid ? question : null,
  }));
}

/** Let another measurement fill the form; null lets none (the reader types the value). */
export function bindOnly(
  form: Form,
  measurements: readonly Measurement[],
  uuid: string | null,
): Measurement[] {
  const question = boundQuestion(form);
  return measurements.map((one) => ({ ...one, question: one.uuid === uuid ? question : null }));
}

/** The answers that the measurement in the form gives, at the question's step; nulls when it was removed. */
export function measuredAnswers(
  form: Form,
  previous: readonly Measurement[],
  measurements: readonly Measurement[],
): Record<string, Scalar> {
  const bound = measurements.find((one) => one.question !== null);
  if (!bound && !previous.some((one) => one.question !== null)) return {};
  return Object.fromEntries(
    measurementQuestions(form).map(({ key, axis, step }) => {
      if (!bound) return [key, null];
      return [key, toStep(axis === "short" ? bound.short_axis_mm : bound.long_axis_mm, step ?? 0.1)];
    }),
  );
}

/** Whether a typed value stands where the measurement would have another. */
export function isTyped(
  key: string,
  form: Form,
  answers: Answers,
  measurements: readonly Measurement[],
): boolean {
  const value = answers[key];
  if (typeof value !== "number") return false;
  return measuredAnswers(form, measurements, measurements)[key] !== value;
}

function toStep(value: number, step: number): number {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  return Number((Math.round(value / step) * step).toFixed(decimals));
}
