export interface ResultFile {
  name: string;
  label: string;
  format: "JSON" | "CSV" | "SVG" | "PNG";
}

/** The files of a report, in the order in which the page offers them. */
export const RESULT_FILES: readonly ResultFile[] = [
  { name: "results.json", label: "All results", format: "JSON" },
  { name: "roc.svg", label: "ROC figure", format: "SVG" },
  { name: "roc.png", label: "ROC figure", format: "PNG" },
  { name: "auc.csv", label: "AUC", format: "CSV" },
  { name: "comparisons.csv", label: "Comparisons", format: "CSV" },
  { name: "kappa.csv", label: "Agreement", format: "CSV" },
  { name: "operating_points.csv", label: "Operating points", format: "CSV" },
  { name: "roc_points.csv", label: "ROC points", format: "CSV" },
  { name: "reads.csv", label: "Reads", format: "CSV" },
];

export function resultFileUrl(slug: string, name: string): string {
  return `/api/desk/studies/${slug}/results/files/${name}`;
}
