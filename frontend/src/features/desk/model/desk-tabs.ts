import type { DeskStudy } from "../api/get-study";

export interface DeskTab {
  path: "design" | "progress" | "people" | "cases" | "amendments" | "deviations" | "results" | "audit";
  label: string;
}

/** Results are a tab of those who will see them, also before the lock: it then says what is still missing. */
function awaitsResults(study: DeskStudy): boolean {
  return study.permissions.results || study.role === "COORDINATOR" || study.role === "STATISTICIAN";
}

/** The protocol is read by those who run or check the study; a data manager sends cases and reads nothing of it. */
function readsProtocol(study: DeskStudy): boolean {
  return ["COORDINATOR", "STATISTICIAN", "AUDITOR"].includes(study.role);
}

/** The tabs that this member finds at the desk, in order. */
export function deskTabs(study: DeskStudy): DeskTab[] {
  const tabs: DeskTab[] = [];
  if (readsProtocol(study) && study.phase === "DESIGN") tabs.push({ path: "design", label: "Design" });
  if (study.permissions.progress) tabs.push({ path: "progress", label: "Progress" });
  if (study.permissions.people) tabs.push({ path: "people", label: "People" });
  if (study.permissions.cases) tabs.push({ path: "cases", label: "Cases" });
  if (readsProtocol(study) && study.phase !== "DESIGN") tabs.push({ path: "design", label: "Protocol" });
  if (study.permissions.protocol && study.phase !== "DESIGN") {
    tabs.push({ path: "amendments", label: "Amendments" });
  }
  if (study.permissions.deviations && study.phase !== "DESIGN") {
    tabs.push({ path: "deviations", label: "Deviations" });
  }
  if (awaitsResults(study)) tabs.push({ path: "results", label: "Results" });
  if (study.permissions.audit) tabs.push({ path: "audit", label: "Audit" });
  return tabs;
}
