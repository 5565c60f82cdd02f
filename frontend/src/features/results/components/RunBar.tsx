import { Button, Progress } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockHour4,
  IconLoader2,
  IconRefresh,
} from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Link } from "react-router";
import { Instant } from "../../../shared/components/Instant";
import { Refusal } from "../../../shared/components/Refusal";
import { type AnalysisRun, isUnderWay } from "../api/analysis-runs";
import { progressText, runText, STATE_TEXT } from "../model/run-text";
import { RunPanel } from "./RunPanel";

const ICONS = {
  queued: IconClockHour4,
  running: IconLoader2,
  done: IconCircleCheck,
  failed: IconAlertTriangle,
} as const;

interface RunBarProps {
  slug: string;
  runs: UseQueryResult<AnalysisRun[]>;
  run: AnalysisRun | null;
  /** The run that the address names. */
  asked: string | null;
  isFollowed: boolean;
}

function State({ run }: { run: AnalysisRun }) {
  const Icon = ICONS[run.state];
  return (
    <span className={`rr-run-state rr-run-${run.state}`}>
      <Icon size={16} stroke={1.75} aria-hidden /> {STATE_TEXT[run.state]}
    </span>
  );
}

function When({ run }: { run: AnalysisRun }) {
  return (
    <span className="rr-run-when">
      {run.finished_at === null ? (
        <>
          asked <Instant iso={run.asked_at} />
        </>
      ) : (
        <Instant iso={run.finished_at} />
      )}
      {run.asked_by === null ? ", at the lock" : `, ${run.asked_by}`}
    </span>
  );
}

/** That another run than the one that is shown is under way, and the way to it. */
function Other({ runs, run }: { runs: readonly AnalysisRun[]; run: AnalysisRun }) {
  const other = runs.find((one) => one.id !== run.id && isUnderWay(one));
  if (other === undefined) return null;
  return (
    <Link className="rr-run-other" to={{ search: `?run=${other.id}` }}>
      Another one is under way
    </Link>
  );
}

function Running({ run }: { run: AnalysisRun }) {
  const share = run.sections_total === 0 ? 0 : (100 * run.sections_done) / run.sections_total;
  return (
    <div className="rr-run-progress">
      <span role="status">{progressText(run)}</span>
      <Progress.Root size="sm">
        <Progress.Section value={share} aria-label={progressText(run)} />
      </Progress.Root>
    </div>
  );
}

function Facts({ runs, run, asked }: Pick<RunBarProps, "runs" | "run" | "asked">) {
  if (runs.data === undefined) {
    if (runs.isError) return <Refusal error={runs.error} fallback="The analyses could not be loaded." />;
    return <span className="rr-run-when">Loading the analyses…</span>;
  }
  if (run === null) {
    return (
      <span className="rr-run-when">
        {asked === null
          ? "The whole analysis has not been run yet."
          : "This study has no such analysis; choose one of its own."}
      </span>
    );
  }
  return (
    <>
      <State run={run} />
      <span className="rr-run-text">{runText(run)}</span>
      <When run={run} />
      <Other runs={runs.data} run={run} />
    </>
  );
}

/** Which run of the analysis is shown, how far it is, and the way to another. */
export function RunBar({ slug, runs, run, asked, isFollowed }: RunBarProps) {
  const [isOpen, setIsOpen] = useState(false);
  const panel = useId();
  return (
    <section className="rr-run-bar" aria-label="Analysis">
      <div className="rr-run-line">
        <Facts runs={runs} run={run} asked={asked} />
        <Button
          variant="default"
          size="compact-sm"
          className="rr-run-open"
          leftSection={<IconRefresh size={14} stroke={1.75} aria-hidden />}
          aria-expanded={isOpen}
          aria-controls={isOpen ? panel : undefined}
          onClick={() => setIsOpen(!isOpen)}
        >
          {runs.data === undefined || runs.data.length < 2 ? "Analyze again" : `${runs.data.length} analyses`}
        </Button>
      </div>
      {run !== null && isFollowed && <Running run={run} />}
      {run?.state === "failed" && (
        <p className="rr-run-error" role="alert">
          {run.error ?? "The analysis failed without a reason."}
        </p>
      )}
      {isOpen && (
        <RunPanel id={panel} slug={slug} runs={runs.data ?? []} run={run} onDone={() => setIsOpen(false)} />
      )}
    </section>
  );
}
