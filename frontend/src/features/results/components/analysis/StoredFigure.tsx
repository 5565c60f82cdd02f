import type { ReportFigure } from "../../api/report-content";
import { FigureCaption } from "./FigureCaption";
import { type PrintedFigure, PrintedLinks, printedUrl } from "./PrintedLinks";

interface StoredFigureProps {
  figure: ReportFigure;
  printed: PrintedFigure;
}

/** A figure as it is printed in the report, on a sheet of its own. */
export function StoredFigure({ figure, printed }: StoredFigureProps) {
  return (
    <figure className="rr-figure">
      <FigureCaption caption={figure.caption} />
      <div className="rr-sheet">
        <img src={printedUrl(printed, "svg")} alt={figure.alt} loading="lazy" decoding="async" />
      </div>
      {figure.notes.length > 0 && <p className="rr-figure-note">{figure.notes.join(" ")}</p>}
      <div className="rr-figure-tools">
        <PrintedLinks figure={printed} />
      </div>
    </figure>
  );
}
