import { Badge, Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState, ErrorState } from "../../../../shared/components/PageStates";
import type { AnalysisRun } from "../../api/analysis-runs";
import type { ReportContent } from "../../api/report-content";
import { progressText } from "../../model/run-text";
import { sectionOf } from "../../model/sections";
import type { ResultsSource } from "../../model/source";
import { ChecklistsPage } from "./ChecklistsPage";
import { FilesPage } from "./FilesPage";
import { MethodsPage } from "./MethodsPage";
import { ProvenancePage } from "./ProvenancePage";
import { SectionPage } from "./SectionPage";

interface RunPagesProps {
  source: ResultsSource;
  page: string;
  runs: UseQueryResult<AnalysisRun[]>;
  run: AnalysisRun | null;
  report: UseQueryResult<ReportContent>;
}

function Waiting() {
  return (
    <Stack gap="lg" aria-busy="true">
      <Skeleton h={28} w={320} animate={false} />
      <Skeleton h={60} animate={false} />
      <Skeleton h={420} animate={false} />
    </Stack>
  );
}

function NoRun({ run }: { run: AnalysisRun | null }) {
  if (run === null) {
    return (
      <EmptyState title="No analysis yet">
        The whole analysis has not been run. Ask for it with “Analyze again” above.
      </EmptyState>
    );
  }
  if (run.state === "failed") {
    return (
      <EmptyState title="This analysis failed">
        {run.error ?? "It gave no reason."} Ask for it again above, or choose another one.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="The analysis is under way">
      {progressText(run)} This page shows its results as soon as it is done.
    </EmptyState>
  );
}

/** The pages of one run: its sections, and what is needed to publish them. */
export default function RunPages({ source, page, runs, run, report }: RunPagesProps) {
  if (runs.data === undefined) {
    if (runs.isError) return <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />;
    return <Waiting />;
  }
  if (run?.state !== "done") return <NoRun run={run} />;
  if (page === "files") return <FilesPage source={source} run={run.id} />;
  if (report.data === undefined) {
    if (report.isError) return <ErrorState error={report.error} onRetry={() => void report.refetch()} />;
    return <Waiting />;
  }
  return (
    <>
      {source.kind === "study" && report.data.synthetic_label !== null && (
        <Badge variant="default" radius="sm" tt="none" fw={550} className="rr-synthetic">
          Synthetic demonstration data
        </Badge>
      )}
      <Page source={source} run={run.id} page={page} report={report.data} />
    </>
  );
}

function Page({
  source,
  run,
  page,
  report,
}: {
  source: ResultsSource;
  run: string;
  page: string;
  report: ReportContent;
}) {
  if (page === "methods") return <MethodsPage report={report} />;
  if (page === "checklists") return <ChecklistsPage report={report} />;
  if (page === "provenance") return <ProvenancePage report={report} />;
  const section = sectionOf(report, page);
  if (section === undefined) {
    return <EmptyState title="Not found">The report of this analysis has no such section.</EmptyState>;
  }
  return <SectionPage key={`${run}/${page}`} source={source} run={run} section={section} />;
}
