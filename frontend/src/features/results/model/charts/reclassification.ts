import type { AnalysisItem } from "../../api/analysis-results";
import { armInText, armLabel } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, type Shown } from "./chart";
import { type ChangeItem, changeItem } from "./item-schemas";
import { baseOption, categoryAxis } from "./option-parts";

const CLASSES = ["positive", "negative"] as const;
const TITLES = { positive: "Cases with the outcome", negative: "Cases without it" } as const;
const HEAD = 34;
const BELOW = 52;
const LEFT = 56;
const GAP = 30;
const CELL = 46;
/** White to blue: the more reads, the deeper. */
const DEEPEST = "#2f7ebc";

type Counts = Readonly<Record<(typeof CLASSES)[number], number[][]>>;

/** Scores before by scores after, summed over the readers that are shown. */
export function reclassificationChart(item: AnalysisItem): Chart | null {
  const parsed = changeItem.safeParse(item.result);
  if (!parsed.success || parsed.data.readers.length === 0) return null;
  const result = parsed.data;
  const { scale } = result.pooled.reclassification;
  const steps = scaleSteps(result);
  const of = (shown: Shown) => countsOf(result, shown, steps.length);
  const size = CELL * steps.length;
  return {
    key: `${item.key}-reclassification`,
    caption: `${item.title}: scores before by scores after`,
    switches: result.readers.map(({ reader, n }, index) => ({
      id: `reader/${reader}`,
      label: reader,
      color: colorAt(index),
      line: "solid" as const,
      value: `${n} reads`,
    })),
    hint: `Rows are scores ${armInText(result.before)}, columns ${armInText(result.after)}; the diagonal did not change. Scale ${scale[0]} to ${scale.at(-1)}.`,
    maxWidth: 2 * (LEFT + size + GAP),
    hasSide: true,
    height: (width) => (isTwoColumns(width, size) ? 1 : 2) * (HEAD + size + BELOW),
    alt: (shown) => `${item.title}, reclassification. ${altOf(of(shown))}`,
    grid: (shown) => ({
      header: ["Class", `Score ${armInText(result.before)}`, ...steps.map((step) => `After: ${step}`)],
      rows: CLASSES.flatMap((name) =>
        of(shown)[name].map((row, index) => [TITLES[name], steps[index] ?? "", ...row]),
      ),
    }),
    option: (shown, colors, width) =>
      reclassificationOption({ result, steps, counts: of(shown), size }, colors, width),
  };
}

/** The scores of the scale: it is given as its ends, or as all of its values. */
function scaleSteps({ pooled }: ChangeItem): number[] {
  const { scale, positive } = pooled.reclassification;
  if (scale.length === positive.length) return scale;
  return positive.map((_, index) => (scale[0] ?? 0) + index);
}

function countsOf(result: ChangeItem, shown: Shown, size: number): Counts {
  const own = result.readers.filter(({ reader }) => shown.has(`reader/${reader}`));
  const sum = (name: (typeof CLASSES)[number]) =>
    Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) =>
        own.reduce((total, reader) => total + (reader.reclassification[name][row]?.[column] ?? 0), 0),
      ),
    );
  return { positive: sum("positive"), negative: sum("negative") };
}

function altOf(counts: Counts): string {
  return CLASSES.map((name) => {
    let [up, same, down] = [0, 0, 0];
    for (const [row, cells] of counts[name].entries()) {
      for (const [column, count] of cells.entries()) {
        if (column > row) up += count;
        else if (column < row) down += count;
        else same += count;
      }
    }
    return `${TITLES[name]}: ${up} higher, ${same} the same, ${down} lower.`;
  }).join(" ");
}

function isTwoColumns(width: number, size: number): boolean {
  return width >= 2 * (LEFT + Math.min(size, 180) + GAP);
}

interface Drawn {
  result: ChangeItem;
  steps: readonly number[];
  counts: Counts;
  size: number;
}

function reclassificationOption(
  { result, steps, counts, size }: Drawn,
  colors: ChartColors,
  width: number,
): ChartOption {
  const isWide = isTwoColumns(width, size);
  const across = Math.min(size, (isWide ? width / 2 : width) - LEFT - GAP);
  const places = CLASSES.map((_, index) => ({
    left: LEFT + (isWide ? index * (width / 2) : 0),
    top: HEAD + (isWide ? 0 : index * (HEAD + size + BELOW)),
    width: across,
    height: size,
  }));
  const names = steps.map(String);
  const most = Math.max(1, ...CLASSES.flatMap((name) => counts[name].flat()));
  return {
    ...baseOption(colors),
    grid: places,
    title: CLASSES.map((name, index) => ({
      text: TITLES[name],
      left: places[index]?.left ?? 0,
      top: (places[index]?.top ?? HEAD) - HEAD + 6,
      padding: 0,
      textStyle: { color: colors.text, fontSize: 13, fontWeight: 600 },
    })),
    visualMap: {
      show: false,
      type: "continuous",
      min: 0,
      max: most,
      dimension: 2,
      inRange: { color: ["#f4f6f8", DEEPEST] },
    },
    xAxis: CLASSES.map((_, gridIndex) => ({
      ...categoryAxis(colors, { data: names, gridIndex }),
      name: armLabel(result.after),
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { color: colors.text, fontSize: 13 },
    })),
    yAxis: CLASSES.map((_, gridIndex) => ({
      ...categoryAxis(colors, { data: names, gridIndex, inverse: true }),
      name: armLabel(result.before),
      nameLocation: "middle",
      nameGap: 30,
      nameTextStyle: { color: colors.text, fontSize: 13 },
    })),
    series: CLASSES.map((name, index) => ({
      id: name,
      type: "heatmap",
      xAxisIndex: index,
      yAxisIndex: index,
      data: counts[name].flatMap((cells, row) =>
        cells.map((count, column) => ({
          value: [column, row, count],
          count: String(count),
          lines: [
            TITLES[name],
            `${armLabel(result.before)} ${steps[row]}, ${armInText(result.after)} ${steps[column]}`,
            `${count} reads`,
          ],
          itemStyle: row === column ? { borderColor: colors.text } : {},
        })),
      ),
      label: {
        show: true,
        color: "#16191d",
        fontSize: 13,
        formatter: ({ data }: { data: { count: string } }) => data.count,
      },
      itemStyle: { borderColor: colors.panel, borderWidth: 2 },
      emphasis: { itemStyle: { borderColor: colors.text, borderWidth: 2 } },
    })),
  };
}
