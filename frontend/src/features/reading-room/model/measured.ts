import type { Form, Measurement, QuestionOf, Scalar } from "../api/read";

/** A measurement as the viewer gives it, which knows nothing of questions. */
export type Drawn = Omit<Measurement, "question" | "points_mm"> & {
  points_mm: readonly (readonly [number, number, number])[];
};

const SAME_POINT_MM = 1e-6;

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
  const known = new Map(previous.map((one, place) => [one.uuid, { one, place }]));
  const fresh = drawn.filter((one) => !known.has(one.uuid)).at(-1);
  const filling = drawn.find((one) => known.get(one.uuid)?.one.question != null);
  const isTypedOver = previous.length > 0 && previous.every((one) => one.question === null);
  const bound = fresh ?? filling ?? (isTypedOver ? undefined : drawn.at(-1));
  const place = (one: Drawn): number => known.get(one.uuid)?.place ?? Number.POSITIVE_INFINITY;
  return [...drawn]
    .sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
    .map((one) => ({
      ...unchanged(one, known.get(one.uuid)?.one),
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

function toStep(value: number, step: number): number {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  return Number((Math.round(value / step) * step).toFixed(decimals));
}

/** The measurement as it was, unless it moved: drawing it again must not look like a change. */
function unchanged(drawn: Drawn, previous: Measurement | undefined): Measurement {
  const points = drawn.points_mm.map(([x, y, z]) => [x, y, z]) as Measurement["points_mm"];
  const isSame = previous?.points_mm.every((point, corner) =>
    point.every((value, axis) => Math.abs(value - (points[corner]?.[axis] ?? Number.NaN)) < SAME_POINT_MM),
  );
  return previous && isSame ? previous : { ...drawn, points_mm: points, question: null };
}
