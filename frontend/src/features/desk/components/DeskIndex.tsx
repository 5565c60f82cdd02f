import { LeadOn } from "../../../shared/components/LeadOn";
import { EmptyState } from "../../../shared/components/PageStates";
import { deskTabs } from "../model/desk-tabs";
import { useDeskStudy } from "./use-desk-study";

/** The desk's own address leads to the first tab that this member has. */
export default function DeskIndex() {
  const [first] = deskTabs(useDeskStudy());
  if (first !== undefined) return <LeadOn to={first.path} />;
  return (
    <EmptyState title="Nothing to see yet">
      Your role has no view of this study in its present phase.
    </EmptyState>
  );
}
