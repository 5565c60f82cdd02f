import { z } from "../../../shared/api/zod";
import type { AnalysisResults } from "../api/analysis-results";
import type { ReportFigure } from "../api/report-content";

const tick = z.object({ label: z.string(), value: z.number().nullable(), points: z.number() });
const axis = z.object({
  name: z.string(),
  kind: z.enum(["numeric", "categorical"]),
  zero_at: z.number().nullable(),
  points_per_value: z.number().nullable(),
  ticks: z.array(tick).min(2),
});
export const nomogramSchema = z.object({
  schema_version: z.literal(1),
  model: z.enum(["logistic", "cox"]),
  points_per_unit: z.number(),
  linear_predictor_at_zero: z.number(),
  axes: z.array(axis).min(1),
  outcomes: z.array(
    z.object({ label: z.string(), time: z.number().nullable(), baseline: z.number().nullable() }),
  ),
});
export type Nomogram = z.infer<typeof nomogramSchema>;
export type NomogramAxis = z.infer<typeof axis>;

/** What was entered, by predictor: a number as it was written, or a category. */
export type Entered = Readonly<Record<string, string>>;

export interface Reading {
  /** By predictor; null where what was entered has no place on its axis. */
  points: Record<string, number | null>;
  /** Null where a predictor has no points. */
  total: number | null;
  linearPredictor: number | null;
  /** By outcome, in their order. */
  probabilities: number[];
}

/** The ends of a numeric axis. */
export function rangeOf({ ticks }: NomogramAxis): { low: number; high: number } {
  const values = ticks.flatMap(({ value }) => (value === null ? [] : [value]));
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** The middle of every axis, and of categories the first. */
export function firstEntered({ axes }: Nomogram): Entered {
  return Object.fromEntries(
    axes.map(({ name, kind, ticks }) => [
      name,
      (kind === "categorical" ? ticks[0] : ticks[Math.floor(ticks.length / 2)])?.label ?? "",
    ]),
  );
}

/** The points of what was entered; null beyond the axis, as the model's range ends there. */
export function pointsOn(axis: NomogramAxis, entered: string): number | null {
  if (axis.kind === "categorical") return axis.ticks.find(({ label }) => label === entered)?.points ?? null;
  const value = entered.trim() === "" ? Number.NaN : Number(entered.replace("−", "-"));
  const { low, high } = rangeOf(axis);
  if (!(value >= low && value <= high) || axis.zero_at === null || axis.points_per_value === null)
    return null;
  return (value - axis.zero_at) * axis.points_per_value;
}

/** One case read off, by the rules of the nomogram's JSON. */
export function readNomogram(nomogram: Nomogram, entered: Entered): Reading {
  const points = Object.fromEntries(
    nomogram.axes.map((one) => [one.name, pointsOn(one, entered[one.name] ?? "")]),
  );
  const known = Object.values(points).filter((one) => one !== null);
  if (known.length < nomogram.axes.length) {
    return { points, total: null, linearPredictor: null, probabilities: [] };
  }
  const total = exactSum(known);
  const linearPredictor = nomogram.linear_predictor_at_zero + total / nomogram.points_per_unit;
  const probabilities = nomogram.outcomes.map(({ baseline }) => probabilityOf(linearPredictor, baseline));
  return { points, total, linearPredictor, probabilities };
}

function probabilityOf(linearPredictor: number, baseline: number | null): number {
  if (baseline !== null) return Math.exp(Math.log(baseline) * Math.exp(Math.min(linearPredictor, 700)));
  if (linearPredictor >= 0) return 1 / (1 + Math.exp(-linearPredictor));
  const odds = Math.exp(linearPredictor);
  return odds / (1 + odds);
}

/** The sum without the rounding of its steps (Shewchuk 1997), as the analysis adds points. */
function exactSum(values: readonly number[]): number {
  let partials: number[] = [];
  for (const value of values) {
    const next: number[] = [];
    let sum = value;
    for (const partial of partials) {
      const [large, small] = Math.abs(sum) < Math.abs(partial) ? [partial, sum] : [sum, partial];
      const high = large + small;
      const low = small - (high - large);
      if (low !== 0) next.push(low);
      sum = high;
    }
    partials = [...next, sum];
  }
  return partials.reduceRight((sum, partial) => sum + partial, 0);
}

const NOMOGRAMS: ReadonlySet<string> = new Set(["nomogram", "cox_nomogram"]);

/** The nomogram that a printed figure shows; null where it shows something else. */
export function nomogramOfFigure(results: AnalysisResults, figure: ReportFigure): Nomogram | null {
  if (!NOMOGRAMS.has(figure.item.split("/")[0] ?? "")) return null;
  const section = results.sections.find(({ key }) => key === figure.section);
  const parsed = nomogramSchema.safeParse(section?.items.find(({ key }) => key === figure.item)?.result);
  return parsed.success ? parsed.data : null;
}
