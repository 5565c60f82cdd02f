import { analysisFileUrl } from "../../api/analysis-runs";
import type { ResultsSource } from "../../model/source";

export interface PrintedFigure {
  source: ResultsSource;
  run: string;
  /** The name of its files without their ending. */
  key: string;
}

export function printedUrl({ source, run, key }: PrintedFigure, ending: "svg" | "png"): string {
  return analysisFileUrl(source, run, `figures/${key}.${ending}`);
}

/** The figure's files as they stand in the report. */
export function PrintedLinks({ figure }: { figure: PrintedFigure }) {
  return (
    <span className="rr-printed">
      As printed{" "}
      {(["svg", "png"] as const).map((ending) => (
        <a key={ending} href={printedUrl(figure, ending)} download={`${figure.key}.${ending}`}>
          {ending.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
