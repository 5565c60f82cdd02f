import type { AnalysisItem } from "../../api/analysis-results";
import { formatInterval } from "../format";
import type { ChartColors } from "../roc-option";
import type { Chart, ChartOption } from "./chart";
import { boundsOf, type KappaGridItem, kappaGridItem, numberOf } from "./item-schemas";
import { baseOption, categoryAxis } from "./option-parts";

/** One hue from pale to deep: the order is seen without telling colors apart. */
const BAND_COLORS = ["#f1f1f1", "#dbe9f6", "#b5d4ea", "#73b2d8", "#2f7ebc", "#084a91"] as const;
const DARK_FROM = 4;
const LEFT = 150;
const TOP = 12;
const BOTTOM = 104;
const CELL = 150;
const RIGHT = 24;
/** All bands in a line, however few the raters. */
const LEGEND = 600;

interface Cell {
  row: number;
  column: number;
  kappa: number | null;
  band: string;
  lines: string[];
  text: string;
}

/** Cohen's kappa of every pair of raters, in the bands of Landis and Koch: the lower triangle. */
export function kappaHeatmap(item: AnalysisItem): Chart | null {
  const parsed = kappaGridItem.safeParse(item.result);
  if (!parsed.success || parsed.data.raters.length < 2) return null;
  const result = parsed.data;
  const cells = cellsOf(result);
  const rows = result.raters.length - 1;
  return {
    key: item.key,
    caption: item.title,
    switches: [],
    hint: "Bands of Landis and Koch (1977).",
    maxWidth: Math.max(LEGEND, Math.min(LEFT + CELL * rows + RIGHT, 900)),
    hasSide: false,
    height: (width) => TOP + BOTTOM + Math.max(46, Math.min(72, (0.5 * (width - LEFT)) / rows)) * rows,
    alt: () =>
      `${item.title}. ${cells.map((cell) => `${cell.lines[0]}: ${cell.lines.slice(1).join(", ")}`).join("; ")}.`,
    grid: () => ({
      header: ["Rater", "Rater", "Kappa", "Low", "High", "n", "Band"],
      rows: cells.map(({ row, column }) => {
        const cell = result.cells[row]?.[column];
        const bounds = boundsOf(cell?.ci);
        return [
          result.raters[row] ?? "",
          result.raters[column] ?? "",
          numberOf(cell?.kappa),
          bounds?.low ?? null,
          bounds?.high ?? null,
          cell?.n ?? null,
          typeof cell?.band === "string" ? cell.band : null,
        ];
      }),
    }),
    option: (_, colors, width) => heatmapOption(result, cells, colors, width),
  };
}

function cellsOf({ raters, cells }: KappaGridItem): Cell[] {
  return raters.flatMap((a, row) =>
    raters.slice(0, row).flatMap((b, column) => {
      const cell = cells[row]?.[column];
      if (cell === null || cell === undefined) return [];
      const bounds = boundsOf(cell.ci);
      const text = cell.text.replace("-", "−");
      const kappa = numberOf(cell.kappa);
      const band = typeof cell.band === "string" ? cell.band : "not estimable";
      const why = "not_estimable" in (Object(cell.kappa) as object) ? [reasonOf(cell.kappa)] : [];
      return [
        {
          row,
          column,
          kappa,
          band,
          text,
          lines: [
            `${a} and ${b}`,
            `kappa ${text}${bounds === null ? "" : ` (${formatInterval(bounds, 2)})`}`,
            band,
            `n = ${cell.n}`,
            ...why,
          ],
        },
      ];
    }),
  );
}

function reasonOf(value: unknown): string {
  return typeof value === "object" && value !== null && "not_estimable" in value
    ? String(value.not_estimable)
    : "";
}

function heatmapOption(
  result: KappaGridItem,
  cells: readonly Cell[],
  colors: ChartColors,
  width: number,
): ChartOption {
  const { raters, bands } = result;
  const last = raters.length - 1;
  const order = bands.map((band) => band.name);
  return {
    ...baseOption(colors),
    grid: { left: LEFT, right: Math.max(RIGHT, width - LEFT - CELL * last), top: TOP, bottom: BOTTOM },
    xAxis: categoryAxis(colors, { data: raters.slice(0, last) }),
    yAxis: categoryAxis(colors, { data: raters.slice(1), inverse: true, width: LEFT - 16 }),
    visualMap: {
      type: "piecewise",
      dimension: 2,
      orient: "horizontal",
      left: "center",
      bottom: 8,
      itemWidth: 14,
      itemHeight: 14,
      itemGap: 10,
      hoverLink: false,
      selectedMode: false,
      textStyle: { color: colors.dim, fontSize: 12 },
      pieces: [
        ...order.map((name, index) => ({ value: index, label: name, color: BAND_COLORS[index] })),
        { value: -1, label: "not estimable", color: colors.grid },
      ],
    },
    series: [
      {
        id: "kappa",
        type: "heatmap",
        data: cells.map((cell) => {
          const band = order.indexOf(cell.band);
          return {
            value: [cell.column, cell.row - 1, band],
            lines: cell.lines,
            label: { color: band < 0 ? colors.text : band >= DARK_FROM ? "#ffffff" : "#16191d" },
            text: cell.text,
          };
        }),
        label: {
          show: true,
          fontSize: 14,
          fontWeight: 600,
          formatter: ({ data }: { data: { text: string } }) => data.text,
        },
        itemStyle: { borderColor: colors.panel, borderWidth: 3 },
        emphasis: { itemStyle: { borderColor: colors.text, borderWidth: 1 } },
      },
    ],
  };
}
