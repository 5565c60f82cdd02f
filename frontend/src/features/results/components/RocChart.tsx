import { useComputedColorScheme } from "@mantine/core";
import { LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { showEstimate } from "../model/format";
import { type ChartColors, chartHeight, rocOption } from "../model/roc-option";
import type { RocSeries } from "../model/roc-series";

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

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

function summary(series: readonly RocSeries[]): string {
  const curves = series.map((one) => `${one.label}, AUC ${showEstimate(one.result.auc.auc).text}`);
  return `ROC curves. ${curves.join("; ")}.`;
}

/** The interactive ROC figure: axes 0 to 1 and square at every width. */
export default function RocChart({ series }: { series: RocSeries[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const scheme = useComputedColorScheme("dark");

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const made = init(element, null, {
      renderer: "svg",
      width: element.clientWidth,
      height: chartHeight(element.clientWidth),
    });
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.resize({ width: element.clientWidth, height: chartHeight(element.clientWidth) });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colors that are read here.
  useEffect(() => {
    if (frame.current === null) return;
    chart.current?.setOption(rocOption(series, colorsOf(frame.current)), { notMerge: true });
  }, [series, scheme]);

  return <div ref={frame} className="rr-roc-chart" role="img" aria-label={summary(series)} />;
}
