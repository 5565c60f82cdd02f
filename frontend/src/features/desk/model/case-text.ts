import type { DeskCase, DeskSeries } from "../api/get-cases";

function mm(value: number | null): string {
  return value === null ? "?" : value.toFixed(2);
}

/** `40 × 320 × 320` */
export function matrixText(series: DeskSeries): string {
  return `${series.slices} × ${series.rows} × ${series.columns}`;
}

/** `3.00 × 0.56 × 0.56`: slice step, row and column spacing; a question mark where the images do not say. */
export function spacingText(series: DeskSeries): string {
  return `${mm(series.slice_step_mm)} × ${mm(series.row_spacing_mm)} × ${mm(series.column_spacing_mm)}`;
}

export interface PredictionCounts {
  none: number;
  underWay: number;
  done: number;
  failed: number;
}

export function countPredictions(cases: readonly DeskCase[]): PredictionCounts {
  const counts: PredictionCounts = { none: 0, underWay: 0, done: 0, failed: 0 };
  for (const { prediction } of cases) {
    if (prediction.status === "done") counts.done += 1;
    else if (prediction.status === "failed") counts.failed += 1;
    else if (prediction.status === "queued" || prediction.status === "running") counts.underWay += 1;
    else counts.none += 1;
  }
  return counts;
}

/** Whether asking for the model would queue anything: cases without a job, or failed ones once the rest is done. */
export function canRunModel({ none, underWay, failed }: PredictionCounts): boolean {
  return none > 0 || (underWay === 0 && failed > 0);
}

export function runModelLabel(counts: PredictionCounts): string {
  if (canRunModel(counts)) return "Run model on all cases";
  return counts.underWay > 0 ? "Model is running" : "Model has run on all cases";
}

/** `24 cases from 3 centers` */
export function casesText(cases: readonly DeskCase[]): string {
  const centers = new Set(cases.map((one) => one.center)).size;
  return `${cases.length} case${cases.length === 1 ? "" : "s"} from ${centers} center${centers === 1 ? "" : "s"}`;
}
