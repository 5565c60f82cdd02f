import type { AnalysisFile } from "../api/analysis-runs";

const TITLES: Readonly<Record<string, string>> = {
  "": "Report and results",
  tables: "Tables",
  figures: "Figures",
  exports: "Exports for other software",
  dataset: "The dataset that was analyzed",
};

export interface FileGroup {
  folder: string;
  title: string;
  files: AnalysisFile[];
}

/** Files by their folder: first those at the top, then the known folders, then any other. */
export function fileGroups(files: readonly AnalysisFile[]): FileGroup[] {
  const folders = new Map<string, AnalysisFile[]>(Object.keys(TITLES).map((folder) => [folder, []]));
  for (const file of files) {
    const folder = file.path.includes("/") ? (file.path.split("/")[0] ?? "") : "";
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders]
    .filter(([, own]) => own.length > 0)
    .map(([folder, own]) => ({ folder, title: TITLES[folder] ?? folder, files: own }));
}

/** `812 B`, `2.5 kB`, `1.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
