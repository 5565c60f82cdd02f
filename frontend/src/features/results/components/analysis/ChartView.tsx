import { useComputedColorScheme } from "@mantine/core";
import { HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  GraphicComponent,
  GridComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { type KeyboardEvent, type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import { type Chart, type ChartOption, type Shown, type Stop, stopsOf } from "../../model/charts/chart";
import { paperFigure } from "../../model/charts/figure-files";
import type { ChartColors } from "../../model/roc-option";

use([
  HeatmapChart,
  LineChart,
  ScatterChart,
  GraphicComponent,
  GridComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
  SVGRenderer,
]);

const PRINT_DENSITY = 3;

export interface ChartHandle {
  svg: () => string;
  png: () => Promise<Blob>;
}

interface ChartViewProps {
  chart: Chart;
  shown: Shown;
  ref: RefObject<ChartHandle | null>;
}

function colorsOf(element: HTMLElement): ChartColors {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: color("--rr-text"),
    dim: color("--rr-text-dim"),
    line: color("--rr-line"),
    grid: color("--rr-chart-grid"),
    panel: color("--rr-panel"),
  };
}

/** Draw what is seen apart from the page, on white. */
function onPaper<T>(
  args: { chart: Chart; shown: Shown; width: number; renderer: "svg" | "canvas" },
  take: (made: EChartsType) => T,
): T {
  const { option, width, height } = paperFigure(args.chart, args.shown, args.width);
  const made = init(document.createElement("div"), null, { renderer: args.renderer, width, height });
  made.setOption(option);
  try {
    return take(made);
  } finally {
    made.dispose();
  }
}

function pngOf(made: EChartsType): Promise<Blob> {
  const canvas = made.renderToCanvas({ pixelRatio: PRINT_DENSITY, backgroundColor: "#ffffff" });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png");
  });
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function nextStop(key: string, at: number | null, count: number): number | null {
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  if (step === undefined) return null;
  if (at === null) return step > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + step));
}

/** A chart of the page: pointed at with the mouse, or gone through with the arrow keys. */
export default function ChartView({ chart, shown, ref }: ChartViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const made = useRef<EChartsType>(null);
  const stops = useRef<Stop[]>([]);
  const at = useRef<number | null>(null);
  const [said, setSaid] = useState("");
  const scheme = useComputedColorScheme("dark");

  useImperativeHandle(ref, () => {
    const width = () => made.current?.getWidth() ?? chart.maxWidth;
    return {
      svg: () => onPaper({ chart, shown, width: width(), renderer: "svg" }, (one) => one.renderToSVGString()),
      png: () => onPaper({ chart, shown, width: width(), renderer: "canvas" }, pngOf),
    };
  }, [chart, shown]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colors that are read here.
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const draw = () => {
      // Where the frame has no width yet, the observer tells when it has.
      if (element.clientWidth === 0) return;
      const size = { width: element.clientWidth, height: chart.height(element.clientWidth, shown) };
      made.current ??= init(element, null, { renderer: "svg", ...size });
      const option: ChartOption = chart.option(shown, colorsOf(element), element.clientWidth);
      stops.current = stopsOf(option);
      at.current = null;
      made.current.resize(size);
      made.current.setOption(option, { notMerge: true });
    };
    draw();
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      draw();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [chart, shown, scheme]);

  useEffect(
    () => () => {
      made.current?.dispose();
      made.current = null;
    },
    [],
  );

  function hide() {
    made.current?.dispatchAction({ type: "hideTip" });
    setSaid("");
  }

  function step(event: KeyboardEvent) {
    if (event.key === "Escape") return hide();
    const next = nextStop(event.key, at.current, stops.current.length);
    const stop = next === null ? undefined : stops.current[next];
    if (stop === undefined) return;
    event.preventDefault();
    at.current = next;
    made.current?.dispatchAction({
      type: "showTip",
      seriesIndex: stop.seriesIndex,
      dataIndex: stop.dataIndex,
    });
    setSaid(stop.lines.join(", "));
  }

  return (
    <>
      <div
        ref={frame}
        className="rr-chart"
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go through its points.
        tabIndex={0}
        aria-label={chart.alt(shown)}
        aria-keyshortcuts="ArrowRight ArrowLeft Home End Escape"
        onKeyDown={step}
        onBlur={hide}
      />
      <div className="rr-visually-hidden" aria-live="polite">
        {said}
      </div>
    </>
  );
}
