import { Button, Skeleton } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { type Chart, initiallyShown, type Shown } from "../../model/charts/chart";
import { gridTable } from "../../model/charts/figure-files";
import { Chunk } from "../../model/chunk";
import { fileName, saveFile } from "../../model/save";
import { tableCsv } from "../../model/table-copy";
import { ChartLegend } from "./ChartLegend";
import type { ChartHandle } from "./ChartView";
import { ChunkView } from "./ChunkView";
import { FigureCaption } from "./FigureCaption";
import { type PrintedFigure, PrintedLinks } from "./PrintedLinks";

const CHART_VIEW = new Chunk(() => import("./ChartView"));
/** Drawn before it is scrolled to. */
const AHEAD = "400px";

/** Whether the element is near the window, from the first time on. */
function useNear() {
  const ref = useRef<HTMLElement>(null);
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    if (typeof IntersectionObserver === "undefined") {
      setIsNear(true);
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          setIsNear(true);
          observer.disconnect();
        }
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, isNear };
}

interface ChartFigureProps {
  chart: Chart;
  notes: readonly string[];
  /** The same figure as it is stored with the run; null where there is none. */
  printed: PrintedFigure | null;
}

/** A figure that answers: what is seen can be chosen, pointed at and taken along. */
export function ChartFigure({ chart, notes, printed }: ChartFigureProps) {
  const { ref, isNear } = useNear();
  const view = useRef<ChartHandle>(null);
  const [shown, setShown] = useState<Shown>(() => initiallyShown(chart));
  const name = fileName(chart.key);

  async function savePng() {
    const picture = await view.current?.png();
    if (picture !== undefined) saveFile(`${name}.png`, picture);
  }

  function saveSvg() {
    const drawn = view.current?.svg();
    if (drawn !== undefined) saveFile(`${name}.svg`, drawn, "image/svg+xml");
  }

  return (
    <figure ref={ref} className="rr-figure">
      <FigureCaption caption={chart.caption} />
      <div
        className={
          chart.hasSide && chart.switches.length > 0 ? "rr-figure-body rr-figure-sided" : "rr-figure-body"
        }
      >
        <div style={{ maxWidth: chart.maxWidth }} className="rr-figure-plot">
          {isNear ? (
            <ChunkView
              chunk={CHART_VIEW}
              props={{ chart, shown, ref: view }}
              height={chart.height(480, shown)}
            />
          ) : (
            <Skeleton h={chart.height(480, shown)} animate={false} />
          )}
        </div>
        {chart.switches.length > 0 && <ChartLegend chart={chart} shown={shown} onChange={setShown} />}
      </div>
      <p className="rr-figure-note">
        {chart.hint} Arrow keys go from point to point. {notes.join(" ")}
      </p>
      <div className="rr-figure-tools">
        <span>As seen</span>
        <Button variant="default" size="compact-xs" onClick={saveSvg}>
          SVG
        </Button>
        <Button variant="default" size="compact-xs" onClick={() => void savePng()}>
          PNG
        </Button>
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => saveFile(`${name}.csv`, tableCsv(gridTable(chart.grid(shown))), "text/csv")}
        >
          CSV
        </Button>
        {printed !== null && <PrintedLinks figure={printed} />}
      </div>
    </figure>
  );
}
