import { LockPanel } from "../../features/desk/components/LockPanel";
import { useDeskStudy } from "../../features/desk/components/use-desk-study";
import { ResultsPage } from "../../features/results/components/ResultsPage";
import { SummaryPage } from "../../features/results/components/SummaryPage";
import { studySource } from "../../features/results/model/source";

/** Before the lock the way to it, after the lock the results. */
export default function ResultsTab() {
  const study = useDeskStudy();
  if (study.phase !== "LOCKED") return <LockPanel />;
  return <ResultsPage source={studySource(study.slug)} summary={<SummaryPage slug={study.slug} />} />;
}
