import type { ChartColors } from "../roc-option";
import type { Chart, ChartOption, Grid, Shown } from "./chart";

/** As printed: dark on white, whatever the page's scheme. */
export const PAPER: ChartColors = {
  text: "#16191d",
  dim: "#4a5460",
  line: "#9aa4ae",
  grid: "#e4e8ec",
  panel: "#ffffff",
};

const LEGEND_ROW = 20;
const HEAD = 34;

interface Sized {
  option: ChartOption;
  width: number;
  height: number;
}

/** What is seen, as a figure by itself: with its title and a legend of what is shown, on white. */
export function paperFigure(chart: Chart, shown: Shown, width: number): Sized {
  const body = chart.option(shown, PAPER, width);
  const height = chart.height(width, shown);
  const switches = chart.switches.filter((one) => shown.has(one.id));
  const legend = HEAD + height;
  const entries = switches.flatMap((one, row) => {
    const y = legend + LEGEND_ROW * row;
    const color = one.color ?? PAPER.text;
    const value = one.value === undefined ? "" : `: ${one.value}`;
    return [
      {
        type: "line",
        shape: { x1: 20, y1: y + 7, x2: 54, y2: y + 7 },
        style: { stroke: color, lineWidth: 2, lineDash: DASHES[one.line] },
      },
      { type: "text", x: 64, y, style: { text: `${one.label}${value}`, fill: PAPER.text, fontSize: 12 } },
    ];
  });
  return {
    width,
    height: legend + LEGEND_ROW * switches.length + 12,
    option: {
      ...shifted(body, HEAD, LEGEND_ROW * switches.length + 12),
      backgroundColor: PAPER.panel,
      graphic: [
        {
          type: "text",
          x: 20,
          y: 10,
          style: { text: chart.caption, fill: PAPER.text, fontSize: 14, fontWeight: 600 },
        },
        ...(Array.isArray(body.graphic)
          ? body.graphic.map((one) => raised(one, below(switches.length)))
          : []),
        ...entries,
      ],
    },
  };
}

function below(switches: number): number {
  return LEGEND_ROW * switches + 12;
}

const DASHES = { solid: [], dashed: [6, 4], dotted: [2, 3] } as const;

type Box = Record<string, unknown>;

/** Everything that stands at so many pixels from an edge makes room for title and legend. */
function shifted(option: ChartOption, top: number, bottom: number): ChartOption {
  const move = (box: Box): Box => ({
    ...box,
    ...(typeof box.top === "number" ? { top: box.top + top } : {}),
    ...(typeof box.bottom === "number" ? { bottom: box.bottom + bottom } : {}),
  });
  const moved: ChartOption = { ...option };
  for (const name of ["grid", "title", "visualMap"]) {
    const part = option[name];
    if (Array.isArray(part)) moved[name] = part.map((one: Box) => move(one));
    else if (typeof part === "object" && part !== null) moved[name] = move(part as Box);
  }
  return moved;
}

function raised(graphic: unknown, by: number): unknown {
  if (typeof graphic !== "object" || graphic === null || !("bottom" in graphic)) return graphic;
  return { ...graphic, bottom: Number(graphic.bottom) + by };
}

/** Full precision; what has no value is an empty cell. */
export function gridTable({ header, rows }: Grid): { header: string[]; rows: string[][] } {
  return { header, rows: rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell)))) };
}
