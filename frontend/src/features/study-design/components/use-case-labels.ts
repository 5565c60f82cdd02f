import { useQuery } from "@tanstack/react-query";
import { designCasesQuery } from "../api/cases";
import type { Designer } from "../use-designer";

export interface CaseLabels {
  numbers: string[];
  centers: string[];
  cohorts: string[];
}

/** Numbers, centers and cohorts of the study's cases; whoever only reads the protocol has the latter two with it. */
export function useCaseLabels(designer: Designer): CaseLabels {
  const cases = useQuery({ ...designCasesQuery(designer.slug), enabled: !designer.isReadOnly });
  if (cases.data === undefined) {
    return { numbers: [], centers: designer.protocol.centers, cohorts: designer.protocol.cohorts };
  }
  const read = cases.data.filter((one) => one.purpose === "STUDY");
  return {
    numbers: read.map((one) => one.number),
    centers: [...new Set(read.map((one) => one.center))].sort(),
    cohorts: [...new Set(read.map((one) => one.cohort).filter((cohort) => cohort !== ""))].sort(),
  };
}
