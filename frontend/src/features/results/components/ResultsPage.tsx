import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useParams, useSearchParams } from "react-router";
import { isUnderWay, runsQuery } from "../api/analysis-runs";
import { reportQuery } from "../api/report-content";
import { shownRun } from "../model/run-text";
import { ResultsNav } from "./ResultsNav";
import { RunBar } from "./RunBar";
import { SummaryPage } from "./SummaryPage";
import "./analysis.css";
import "./results.css";

const RunPages = lazy(() => import("./analysis/RunPages"));

function Waiting() {
  return (
    <Stack gap="lg" aria-busy="true">
      <Skeleton h={24} w={420} animate={false} />
      <Skeleton h={320} animate={false} />
    </Stack>
  );
}

/** The results of a locked study: a summary, and the pages of one run of the whole analysis. */
export function ResultsPage({ slug }: { slug: string }) {
  const page = useParams().section ?? "";
  const [search] = useSearchParams();
  const asked = search.get("run");
  const runs = useQuery(runsQuery(slug));
  const run = runs.data === undefined ? null : shownRun(runs.data, asked);
  const isDone = run?.state === "done";
  const report = useQuery({ ...reportQuery(slug, run?.id ?? ""), enabled: isDone });
  return (
    <div className="rr-results-shell">
      <ResultsNav slug={slug} report={report.data} search={asked === null ? "" : `?run=${asked}`} />
      <div className="rr-results-main">
        <RunBar
          slug={slug}
          runs={runs}
          run={run}
          asked={asked}
          isFollowed={run !== null && isUnderWay(run)}
        />
        {page === "" ? (
          <SummaryPage slug={slug} />
        ) : (
          <Suspense fallback={<Waiting />}>
            <RunPages slug={slug} page={page} runs={runs} run={run} report={report} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
