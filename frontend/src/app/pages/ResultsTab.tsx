import { LockPanel } from "../../features/desk/components/LockPanel";
import { useDeskStudy } from "../../features/desk/components/use-desk-study";
import { ResultsPage } from "../../features/results/components/ResultsPage";

/** Before the lock the way to it, after the lock the results. */
export default function ResultsTab() {
  const study = useDeskStudy();
  return study.phase === "LOCKED" ? <ResultsPage slug={study.slug} /> : <LockPanel />;
}
