import { Button, Progress, Skeleton } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense, useId, useState } from "react";
import { Link } from "react-router";
import { Instant } from "../../../shared/components/Instant";
import { Refusal } from "../../../shared/components/Refusal";
import { type AnalysisRun, isUnderWay } from "../api/analysis-runs";
import { progressText, runText } from "../model/run-text";
import type { ResultsSource } from "../model/source";
import { RunState } from "./RunState";

const RunPanel = lazy(() => import("./RunPanel"));
const SupplementPanel = lazy(() => import("./SupplementPanel"));

interface RunBarProps {
  source: ResultsSource;
  runs: UseQueryResult<AnalysisRun[]>;
  run: AnalysisRun | null;
  /** The run that the address names. */
  asked: string | null;
  isFollowed: boolean;
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

function Facts({ source, runs, run, asked }: Omit<RunBarProps, "isFollowed">) {
  if (runs.data === undefined) {
    if (runs.isError) return <Refusal error={runs.error} fallback="The analyses could not be loaded." />;
    return <span className="rr-run-when">Loading the analyses…</span>;
  }
  if (run === null) {
    return (
      <span className="rr-run-when">
        {asked === null
          ? "The whole analysis has not been run yet."
          : `This ${source.kind} has no such analysis; choose one of its own.`}
      </span>
    );
  }
  return (
    <>
      <RunState state={run.state} />
      <span className="rr-run-text">{runText(run)}</span>
      <When run={run} />
      {run.supplement && (
        <span className="rr-run-when rr-run-added">
          With supplement {run.supplement.number}: {run.supplement.reason}
        </span>
      )}
      <Other runs={runs.data} run={run} />
    </>
  );
}

/** Which run of the analysis is shown, how far it is, and the way to another. */
export function RunBar({ source, runs, run, asked, isFollowed }: RunBarProps) {
  const [open, setOpen] = useState<"runs" | "supplements" | null>(null);
  const panel = useId();
  const toggle = (one: "runs" | "supplements") => ({
    variant: "default",
    size: "compact-sm",
    "aria-expanded": open === one,
    "aria-controls": open === one ? panel : undefined,
    onClick: () => setOpen(open === one ? null : one),
  });
  return (
    <section className="rr-run-bar" aria-label="Analysis">
      <div className="rr-run-line">
        <Facts source={source} runs={runs} run={run} asked={asked} />
        <span className="rr-run-open">
          {source.kind === "study" && <Button {...toggle("supplements")}>Add data or a plan</Button>}
          <Button {...toggle("runs")} leftSection={<IconRefresh size={14} stroke={1.75} aria-hidden />}>
            {runs.data === undefined || runs.data.length < 2
              ? "Analyze again"
              : `${runs.data.length} analyses`}
          </Button>
        </span>
      </div>
      {run !== null && isFollowed && <Running run={run} />}
      {run?.state === "failed" && (
        <p className="rr-run-error" role="alert">
          {run.error ?? "The analysis failed without a reason."}
        </p>
      )}
      {open !== null && (
        <Suspense fallback={<Skeleton h={320} animate={false} />}>
          {open === "runs" ? (
            <RunPanel
              id={panel}
              source={source}
              runs={runs.data ?? []}
              run={run}
              onDone={() => setOpen(null)}
            />
          ) : (
            <SupplementPanel id={panel} source={source} />
          )}
        </Suspense>
      )}
    </section>
  );
}
