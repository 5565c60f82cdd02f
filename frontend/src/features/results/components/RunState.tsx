import { IconAlertTriangle, IconCircleCheck, IconClockHour4, IconLoader2 } from "@tabler/icons-react";
import type { AnalysisRun } from "../api/analysis-runs";
import { STATE_TEXT } from "../model/run-text";

const ICONS = {
  queued: IconClockHour4,
  running: IconLoader2,
  done: IconCircleCheck,
  failed: IconAlertTriangle,
} as const;

/** How far a run is, by sign, word and color. */
export function RunState({ state }: Pick<AnalysisRun, "state">) {
  const Icon = ICONS[state];
  return (
    <span className={`rr-run-state rr-run-${state}`}>
      <Icon size={16} stroke={1.75} aria-hidden /> {STATE_TEXT[state]}
    </span>
  );
}
