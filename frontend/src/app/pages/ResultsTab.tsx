import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useDeskStudy } from "../../features/desk/components/use-desk-study";
import { ResultsPage } from "../../features/results/components/ResultsPage";
import { SummaryPage } from "../../features/results/components/SummaryPage";
import { studySource } from "../../features/results/model/source";

const LockPanel = lazy(() =>
  import("../../features/desk/components/LockPanel").then((module) => ({ default: module.LockPanel })),
);

/** Before the lock the way to it, after the lock the results. */
export default function ResultsTab() {
  const study = useDeskStudy();
  if (study.phase !== "LOCKED") {
    return (
      <Suspense fallback={<Skeleton h={320} animate={false} />}>
        <LockPanel />
      </Suspense>
    );
  }
  return <ResultsPage source={studySource(study.slug)} summary={<SummaryPage slug={study.slug} />} />;
}
