import { Button, Skeleton } from "@mantine/core";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
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
/** Until the page has told how wide it is. */
const USUAL_WIDTH = 480;

/** Whether to draw: from the first time that the element is near the window or the page is printed. */
function useIsDrawn(ref: RefObject<HTMLElement | null>): boolean {
  const [isDrawn, setIsDrawn] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (isDrawn || element === null) return;
    if (typeof IntersectionObserver === "undefined") {
      setIsDrawn(true);
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setIsDrawn(true);
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    // The browser takes the page as it stands when the last listener has returned.
    const draw = () => flushSync(() => setIsDrawn(true));
    window.addEventListener("beforeprint", draw);
    return () => {
      observer.disconnect();
      window.removeEventListener("beforeprint", draw);
    };
  }, [ref, isDrawn]);
  return isDrawn;
}

/** How wide the figure is, from before the first paint on. */
function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(USUAL_WIDTH);
  useLayoutEffect(() => {
    const measured = ref.current?.clientWidth ?? 0;
    if (measured > 0) setWidth(measured);
  }, [ref]);
  return width;
}

interface ChartFigureProps {
  chart: Chart;
  notes: readonly string[];
  /** The same figure as it is stored with the run; null where there is none. */
  printed: PrintedFigure | null;
}

/** A figure that answers: what is seen can be chosen, pointed at and taken along. */
export function ChartFigure({ chart, notes, printed }: ChartFigureProps) {
  const plot = useRef<HTMLDivElement>(null);
  const isDrawn = useIsDrawn(plot);
  const width = useWidth(plot);
  // A page that is printed does not wait for a chunk.
  useEffect(() => CHART_VIEW.fetchAhead(), []);
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
    <figure className="rr-figure">
      <FigureCaption caption={chart.caption} />
      <div
        className={
          chart.hasSide && chart.switches.length > 0 ? "rr-figure-body rr-figure-sided" : "rr-figure-body"
        }
      >
        <div ref={plot} style={{ maxWidth: chart.maxWidth }} className="rr-figure-plot">
          {isDrawn ? (
            <ChunkView
              chunk={CHART_VIEW}
              props={{ chart, shown, ref: view }}
              height={chart.height(width, shown)}
            />
          ) : (
            <Skeleton h={chart.height(width, shown)} animate={false} />
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
