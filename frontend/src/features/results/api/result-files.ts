export interface ResultFile {
  name: string;
  label: string;
  format: "JSON" | "CSV" | "SVG" | "PNG";
  /** Only where readers rate against a reference standard. */
  isOfRating?: true;
}

/** The files of a report, in the order in which the page offers them. */
export const RESULT_FILES: readonly ResultFile[] = [
  { name: "results.json", label: "All results", format: "JSON" },
  { name: "roc.svg", label: "ROC figure", format: "SVG", isOfRating: true },
  { name: "roc.png", label: "ROC figure", format: "PNG", isOfRating: true },
  { name: "auc.csv", label: "AUC", format: "CSV", isOfRating: true },
  { name: "comparisons.csv", label: "Comparisons", format: "CSV", isOfRating: true },
  { name: "kappa.csv", label: "Agreement", format: "CSV" },
  { name: "operating_points.csv", label: "Operating points", format: "CSV", isOfRating: true },
  { name: "roc_points.csv", label: "ROC points", format: "CSV", isOfRating: true },
  { name: "reads.csv", label: "Reads", format: "CSV" },
  { name: "consensus.csv", label: "Consensus", format: "CSV" },
  { name: "deviations.csv", label: "Deviations", format: "CSV" },
];

export function resultFileUrl(slug: string, name: string): string {
  return `/api/desk/studies/${slug}/results/files/${name}`;
}
