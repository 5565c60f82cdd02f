import type { Measurement } from "../api/read";

/** A measurement as the viewer gives it: it knows what it was drawn for, and not what it fills. */
export type Drawn = Omit<Measurement, "question" | "points_mm"> & {
  points_mm: readonly (readonly [number, number, number])[];
  drawnFor?: string | null;
};

/** What of a form says how measurements fill it. */
export interface MeasuredForm {
  questions: readonly {
    key: string;
    kind: string;
    label: string;
    axis?: string;
    of?: string;
    step?: number;
  }[];
}

const SAME_POINT_MM = 1e-6;

const measurementQuestions = (form: MeasuredForm) =>
  form.questions.filter((question) => question.kind === "measurement");

/** The name of the pair of axes that a question belongs to; a form with one pair need not name it. */
const pairName = (question: { of?: string }): string => question.of ?? "";

/** The question of each pair of axes that a measurement answers: the short axis, which the long axis comes with. */
export function boundQuestions(form: MeasuredForm): { pair: string; question: string }[] {
  const questions = measurementQuestions(form);
  const pairs = [...new Set(questions.map(pairName))];
  return pairs.flatMap((pair) => {
    const own = questions.filter((question) => pairName(question) === pair);
    const bound = own.find((question) => question.axis === "short") ?? own[0];
    return bound ? [{ pair, question: bound.key }] : [];
  });
}

/**
 * Give the drawn measurements their question: one fills each pair of axes, the rest are notes on the image.
 *
 * A new drawing takes over the pair that it was drawn for, or else the first one that is open among those `asked`. In a form of one pair,
 * the newest that is left fills it when the one that did goes.
 */
export function bindMeasurements(
  form: MeasuredForm,
  previous: readonly Measurement[],
  drawn: readonly Drawn[],
  asked?: ReadonlySet<string>,
): Measurement[] {
  const pairs = boundQuestions(form);
  const open = pairs.filter(({ question }) => asked?.has(question) ?? true);
  const known = new Map(previous.map((one, place) => [one.uuid, { one, place }]));
  const filling = new Map<string, string>();
  for (const { question } of pairs) {
    const kept = drawn.find((one) => fills(form, known.get(one.uuid)?.one.question, question));
    if (kept) filling.set(question, kept.uuid);
  }
  for (const one of drawn) {
    if (known.has(one.uuid)) continue;
    const meant = pairs.find(({ question }) => fills(form, one.drawnFor, question));
    const free = pairs.length === 1 ? open[0] : open.find(({ question }) => !filling.has(question));
    const pair = meant ?? free;
    if (pair) filling.set(pair.question, one.uuid);
  }
  const isTypedOver = previous.length > 0 && previous.every((one) => one.question === null);
  const newest = drawn.at(-1);
  const only = pairs[0]?.question;
  if (pairs.length === 1 && only !== undefined && !filling.has(only) && newest && !isTypedOver) {
    filling.set(only, newest.uuid);
  }
  const questionOf = (uuid: string) => [...filling].find(([, filler]) => filler === uuid)?.[0] ?? null;
  const place = (one: Drawn): number => known.get(one.uuid)?.place ?? Number.POSITIVE_INFINITY;
  return [...drawn]
    .sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
    .map((one) => ({ ...unchanged(one, known.get(one.uuid)?.one), question: questionOf(one.uuid) }));
}

/** Let another measurement fill the pair of a question; null lets none (the reader types the value). */
export function bindOnly(
  form: MeasuredForm,
  measurements: readonly Measurement[],
  uuid: string | null,
  question: string | null = boundQuestions(form)[0]?.question ?? null,
): Measurement[] {
  const bound = boundQuestions(form).find((one) => fills(form, question, one.question))?.question ?? null;
  return measurements.map((one) => {
    if (one.uuid === uuid) return { ...one, question: bound };
    return bound !== null && fills(form, one.question, bound) ? { ...one, question: null } : one;
  });
}

/** The answers that the measurements in the form give, at the questions' steps; nulls where one was removed. */
export function measuredAnswers(
  form: MeasuredForm,
  previous: readonly Measurement[],
  measurements: readonly Measurement[],
): Record<string, number | null> {
  const answers: Record<string, number | null> = {};
  for (const { pair, question } of boundQuestions(form)) {
    const bound = measurements.find((one) => fills(form, one.question, question));
    if (!bound && !previous.some((one) => fills(form, one.question, question))) continue;
    for (const { key, axis, step } of measurementQuestions(form).filter((one) => pairName(one) === pair)) {
      const length = axis === "short" ? bound?.short_axis_mm : bound?.long_axis_mm;
      answers[key] = length === undefined ? null : toStep(length, step ?? 0.1);
    }
  }
  return answers;
}

/** Whether two questions belong to the same pair of axes. */
function fills(form: MeasuredForm, question: string | null | undefined, other: string): boolean {
  const questions = measurementQuestions(form);
  const one = questions.find(({ key }) => key === question);
  const bound = questions.find(({ key }) => key === other);
  return one !== undefined && bound !== undefined && pairName(one) === pairName(bound);
}

function toStep(value: number, step: number): number {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  return Number((Math.round(value / step) * step).toFixed(decimals));
}

/** The measurement as it was, unless it moved: drawing it again must not look like a change. */
function unchanged(drawn: Drawn, previous: Measurement | undefined): Measurement {
  const { drawnFor: _, ...measured } = drawn;
  const points = drawn.points_mm.map(([x, y, z]) => [x, y, z]) as Measurement["points_mm"];
  const isSame = previous?.points_mm.every((point, corner) =>
    point.every((value, axis) => Math.abs(value - (points[corner]?.[axis] ?? Number.NaN)) < SAME_POINT_MM),
  );
  return previous && isSame ? previous : { ...measured, points_mm: points, question: null };
}
