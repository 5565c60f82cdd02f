import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { useParams, useSearchParams } from "react-router";
import { isUnderWay, runsQuery } from "../api/analysis-runs";
import { reportQuery } from "../api/report-content";
import { shownRun } from "../model/run-text";
import { ResultsNav } from "./ResultsNav";
import { RunBar } from "./RunBar";
import "./analysis.css";
import "./results.css";
import type { ResultsSource } from "../model/source";

const RunPages = lazy(() => import("./analysis/RunPages"));

function Waiting() {
  return (
    <Stack gap="lg" aria-busy="true">
      <Skeleton h={24} w={420} animate={false} />
      <Skeleton h={320} animate={false} />
    </Stack>
  );
}

interface ResultsPageProps {
  source: ResultsSource;
  /** The first page, which is of no run. */
  summary: ReactNode;
}

/** The results of a locked study or of a dataset: a summary, and the pages of one run of the whole analysis. */
export function ResultsPage({ source, summary }: ResultsPageProps) {
  const page = useParams().section ?? "";
  const [search] = useSearchParams();
  const asked = search.get("run");
  const runs = useQuery(runsQuery(source));
  const run = runs.data === undefined ? null : shownRun(runs.data, asked);
  const isDone = run?.state === "done";
  const report = useQuery({ ...reportQuery(source, run?.id ?? ""), enabled: isDone });
  return (
    <div className="rr-results-shell">
      <ResultsNav source={source} report={report.data} search={asked === null ? "" : `?run=${asked}`} />
      <div className="rr-results-main">
        <RunBar
          source={source}
          runs={runs}
          run={run}
          asked={asked}
          isFollowed={run !== null && isUnderWay(run)}
        />
        {page === "" ? (
          summary
        ) : (
          <Suspense fallback={<Waiting />}>
            <RunPages source={source} page={page} runs={runs} run={run} report={report} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
