import { describe, expect, it } from "vitest";
import type { AnalysisItem, AnalysisResults } from "../../api/analysis-results";
import { facetsOf, initiallyShown, stopsOf } from "./chart";
import { PAPER } from "./figure-files";
import { frocChart } from "./froc";
import { chartOfFigure, furtherCharts } from "./registry";

const POINTS = [
  { threshold: null, false_marks: 0, lesions: 0, weighted_lesions: 0, false_cases: 0, localized: 0 },
  { threshold: 3, false_marks: 0, lesions: 1 / 3, weighted_lesions: 0.25, false_cases: 0, localized: 0.5 },
  { threshold: 2, false_marks: 0.25, lesions: 2 / 3, weighted_lesions: 0.75, false_cases: 0.5, localized: 1 },
];

function curve(reader: string, modality: string, more: Record<string, unknown> = {}): AnalysisItem {
  return {
    key: `curve/${reader}, ${modality}`,
    title: `${reader}, ${modality}: marks and lesions`,
    result: {
      modality,
      reader,
      n_positive: 2,
      n_negative: 2,
      n_lesions: 3,
      figures: { FROC: 0.125, wAFROC: 0.688, LROC: 0.875 },
      points: POINTS,
      ...more,
    },
  };
}

const ITEMS = ["R1", "R2"].flatMap((reader) => [curve(reader, "PLAIN"), curve(reader, "AIDED")]);

describe("free-response curves", () => {
  it("say threshold, lesions, false marks and n of a point", () => {
    const chart = frocChart(ITEMS, "froc");
    const stops = stopsOf(chart?.option(new Set(["R1/AIDED"]), PAPER, 540) ?? { series: [] });
    expect(stops.map(({ lines }) => lines)).toEqual([
      [
        "R1, aided",
        "No mark counts",
        "Lesions marked 0.000 (0 of 3)",
        "False marks per case 0.000 (0 in 4 cases)",
        "n = 4",
      ],
      [
        "R1, aided",
        "Threshold ≥ 3",
        "Lesions marked 0.333 (1 of 3)",
        "False marks per case 0.000 (0 in 4 cases)",
        "n = 4",
      ],
      [
        "R1, aided",
        "Threshold ≥ 2",
        "Lesions marked 0.667 (2 of 3)",
        "False marks per case 0.250 (1 in 4 cases)",
        "n = 4",
      ],
    ]);
  });

  it("turn readers and arms, the earlier arm dashed", () => {
    const chart = frocChart(ITEMS, "afroc");
    expect(facetsOf(chart?.switches ?? []).map(({ name, values }) => [name, values.length])).toEqual([
      ["Readers", 2],
      ["Arms", 2],
    ]);
    expect(chart?.switches.map(({ line }) => line)).toEqual(["dashed", "solid", "dashed", "solid"]);
    expect(chart?.switches[0]?.value).toBe("0.688");
  });

  it("close the area at (1, 1) for AFROC, level for LROC, and not for FROC", () => {
    const endOf = (kind: "froc" | "afroc" | "lroc") =>
      frocChart(ITEMS, kind)
        ?.option(new Set(["R1/PLAIN"]), PAPER, 540)
        .series.find(({ id }) => id === "R1/PLAIN-end")?.data;
    expect(endOf("froc")).toBeUndefined();
    expect(endOf("afroc")).toEqual([
      [0.5, 0.75],
      [1, 1],
    ]);
    expect(endOf("lroc")).toEqual([
      [0.5, 1],
      [1, 1],
    ]);
  });

  it("draw under each curve what its figure of merit says", () => {
    const chart = frocChart(ITEMS, "lroc");
    const rows = (chart?.grid(new Set(["R1/PLAIN"])).rows ?? []).map((row) => [
      Number(row[2]),
      Number(row[3]),
    ]);
    const closed = [...rows, [1, 1]];
    const area = closed.slice(1).reduce((sum, [x = 0, y = 0], at) => {
      const [before = 0, low = 0] = closed[at] ?? [];
      return sum + ((x - before) * (y + low)) / 2;
    }, 0);
    expect(area).toBeCloseTo(0.875, 12);
  });

  it("have no AFROC and LROC without negative cases, and no curve without lesions", () => {
    const alone = [
      curve("R1", "PLAIN", { points: POINTS.map((point) => ({ ...point, false_cases: null })) }),
    ];
    expect(frocChart(alone, "afroc")).toBeNull();
    expect(frocChart(alone, "lroc")).toBeNull();
    expect(frocChart(alone, "froc")?.switches).toHaveLength(1);
    expect(frocChart([curve("R1", "PLAIN", { n_lesions: 0 })], "froc")).toBeNull();
  });

  it("stand in the place of the printed figures of their kind", () => {
    const results: AnalysisResults = {
      schema_version: 1,
      is_synthetic: true,
      time_unit: "",
      labels: {},
      units: {},
      level: 0.95,
      sections: [{ key: "free_response", items: ITEMS }],
    };
    const printed = (kind: string) => ({
      ...{ key: "printed", caption: "", alt: "", notes: [] },
      ...{ section: "free_response", item: "curve", kind },
    });
    expect(chartOfFigure(results, printed("lroc"))?.key).toBe("free_response-lroc");
    expect(furtherCharts(results, "free_response", [printed("froc")]).map(({ key }) => key)).toEqual([
      "free_response-afroc",
      "free_response-lroc",
    ]);
    const chart = chartOfFigure(results, printed("froc"));
    expect(chart?.alt(chart ? initiallyShown(chart) : new Set())).toContain("R2, plain: FROC 0.125");
  });
});
