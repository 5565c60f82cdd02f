import { describe, expect, it } from "vitest";
import { analysisResultsSchema } from "../../api/analysis-results";
// Cut by scripts/chart_fixture.py from the results of the synthetic demonstrations lpln-radiomics and larc-dm.
import fixture from "../../api/analysis-results.fixture.json";
import type { ReportFigure } from "../../api/report-content";
import { calibrationChart } from "./calibration";
import { type Chart, facetsOf, initiallyShown, stopsOf } from "./chart";
import { decisionChart } from "./decision";
import { gridTable, PAPER, paperFigure } from "./figure-files";
import { kappaHeatmap } from "./kappa-heatmap";
import { chartOfFigure, furtherCharts } from "./registry";
import { atRisk, riskTimes } from "./survival";

const results = analysisResultsSchema.parse(fixture);

function all(section: string): Chart[] {
  return furtherCharts(results, section, []);
}

function one(section: string, part: string): Chart {
  const found = all(section).find((chart) => chart.key.includes(part));
  if (found === undefined) throw new Error(`no chart of ${section}/${part}`);
  return found;
}

function figure(section: string, item: string, kind = ""): ReportFigure {
  return { key: "printed", caption: "Printed", alt: "", notes: [], section, item, kind };
}

describe("every chart", () => {
  const charts = results.sections.flatMap((section) => all(section.key));

  it("is there for every item that is drawn in the page", () => {
    expect(charts.map((chart) => chart.key)).toEqual([
      "flow-flow",
      "agreement-grid_unweighted/rating:call/UNAIDED",
      "agreement-bland_altman/short_axis/UNAIDED/Reader 1/Reader 2",
      "intra_reader-between/rating:score/linear/UNAIDED",
      "intra_reader-between/measurement:short_axis/UNAIDED",
      "roc-roc-curves",
      "roc-groups/cohort-by-curve",
      "roc-average",
      "operating_points-confusion/Reader 1, UNAIDED",
      "mrmc-or_jackknife/AUC",
      "change_of_mind-UNAIDED to AIDED, radiomics",
      "change_of_mind-UNAIDED to AIDED, radiomics-reclassification",
      "change_of_mind-UNAIDED to AIDED, radiomics-advice",
      "change_of_mind-UNAIDED to AIDED, radiomics-time",
      "reading_time-times",
      "periods-UNAIDED and AIDED",
      "models-calibration/clinical-radiomics/all cases",
      "models-fitted_calibration/logistic/validation",
      "models-decision_curve/all cases",
      "models-decision_curve/all cases-standardized",
      "models-impact/clinical-radiomics/all cases",
      "models-components/clinical-radiomics/all cases",
      "survival-logrank/DMFS/signature",
      "survival-cox/DMFS",
      "survival-time_roc/DMFS/clinical",
    ]);
  });

  it.each(charts.map((chart) => [chart.key, chart] as const))(
    "%s is told in words, points and numbers",
    (_, chart) => {
      const shown = initiallyShown(chart);
      expect(chart.alt(shown)).toMatch(/\d/);
      expect(chart.alt(shown)).not.toMatch(/NaN|undefined|null/);
      expect(stopsOf(chart.option(shown, PAPER, 600)).length).toBeGreaterThan(0);
      const { header, rows } = chart.grid(shown);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(header.length);
      expect(JSON.stringify(chart.option(shown, PAPER, 600))).not.toContain("NaN");
      expect(chart.height(600, shown)).toBeGreaterThan(100);
    },
  );

  it.each(charts.map((chart) => [chart.key, chart] as const))(
    "%s is drawn with nothing shown",
    (_, chart) => {
      const nothing = new Set<string>();
      expect(() => chart.option(nothing, PAPER, 600)).not.toThrow();
      expect(chart.alt(nothing)).not.toMatch(/NaN|Infinity/);
    },
  );
});

describe("the matrix of kappas", () => {
  const key = "grid_unweighted/rating:call/UNAIDED";
  const item = results.sections.flatMap((section) => section.items).find((own) => own.key === key);

  it("is as wide as the line of its bands where there are two raters", () => {
    if (item === undefined) throw new Error(`no ${key}`);
    const grid = item.result as { raters: string[]; cells: unknown[] };
    const pair = { ...grid, raters: grid.raters.slice(0, 2), cells: grid.cells.slice(0, 2) };
    const chart = kappaHeatmap({ ...item, result: pair });
    expect(chart?.maxWidth).toBe(600);
    expect(chart?.option(new Set(), PAPER, 600).grid).toMatchObject({ left: 150, right: 300 });
  });

  it("has the signs of the tables", () => {
    const chart = one("agreement", key);
    expect(chart.caption).toContain("(readers: score ≥ 4)");
    expect(chart.alt(new Set())).toContain("kappa −0.16 (");
  });
});

describe("ROC", () => {
  const chart = one("roc", "roc-curves");

  it("tells the level of its intervals", () => {
    expect(chart.valueLabel).toBe("AUC (95% CI)");
  });

  it("turns readers, arms and models by whole groups", () => {
    expect(
      facetsOf(chart.switches).map(({ name, values }) => [name, values.map(({ value }) => value)]),
    ).toEqual([
      ["Readers", ["Reader 1", "Reader 2"]],
      ["Arms", ["Unaided", "Aided"]],
      ["Models", ["clinical-radiomics"]],
    ]);
    const arms = facetsOf(chart.switches)[1]?.values[0];
    expect(arms?.ids).toEqual(["reader/Reader 1/UNAIDED", "reader/Reader 2/UNAIDED"]);
  });

  it("gives as CSV what is seen", () => {
    const rows = chart.grid(new Set(["reader/Reader 1/UNAIDED"])).rows;
    expect(new Set(rows.map((row) => row[0]))).toEqual(new Set(["Reader 1, unaided"]));
    expect(rows[0]?.slice(1)).toEqual([null, 0, 1]);
  });

  it("says threshold, sensitivity, specificity and n of a point", () => {
    const [, second] = stopsOf(chart.option(new Set(["reader/Reader 1/UNAIDED"]), PAPER, 600));
    expect(second?.lines[0]).toBe("Reader 1, unaided");
    expect(second?.lines[1]).toMatch(/^Threshold ≥ \d/);
    expect(second?.lines[2]).toMatch(/^Sensitivity 0\.\d{3} \(\d+ of 31\)$/);
    expect(second?.lines[3]).toMatch(/^Specificity \d\.\d{3} \(\d+ of 69\)$/);
    expect(second?.lines[4]).toBe("n = 100");
  });
});

describe("the printed figure stands in", () => {
  it("for an item of another shape", () => {
    const broken = {
      ...results,
      sections: [{ key: "models", items: [{ key: "calibration/x", title: "x", result: { curve: "none" } }] }],
    };
    expect(chartOfFigure(broken, figure("models", "calibration/x"))).toBeNull();
  });

  it("for an item that the page does not draw, and for another kind of figure", () => {
    expect(chartOfFigure(results, figure("models", "nomogram"))).toBeNull();
    expect(chartOfFigure(results, figure("roc", "curve", "another"))).toBeNull();
    expect(chartOfFigure(results, figure("roc", "curve"))?.key).toBe("roc-roc-curves");
  });

  it("and no chart is drawn twice", () => {
    const figures = [
      figure("roc", "curve"),
      figure("roc", "average"),
      figure("roc", "groups/cohort", "by-curve"),
      figure("roc", "groups/cohort", "by-group"),
    ];
    expect(furtherCharts(results, "roc", figures)).toEqual([]);
  });
});

describe("curves by subgroup", () => {
  it("begin with what the printed figure's first panel holds", () => {
    const begun = (kind: string) => {
      const chart = chartOfFigure(results, figure("roc", "groups/cohort", kind));
      return chart === null ? [] : [...initiallyShown(chart)];
    };
    // The readers read the validation cases alone.
    expect(begun("by-curve")).toEqual(["Reader 1, AIDED/validation"]);
    expect(begun("by-group")).toEqual([
      "Reader 1, AIDED/validation",
      "Reader 1, UNAIDED/validation",
      "Reader 2, UNAIDED/validation",
      "radiomics/validation",
    ]);
  });
});

describe("ROC by reader", () => {
  it("begins with the first reader, and every other can be turned on", () => {
    const chart = chartOfFigure(results, figure("roc", "curve", "readers"));
    if (chart === null) throw new Error("no chart");
    expect([...initiallyShown(chart)]).toEqual(["reader/Reader 1/UNAIDED", "reader/Reader 1/AIDED"]);
    expect(chart.switches.map(({ id }) => id)).toContain("model/clinical-radiomics/");
  });
});

describe("a curve with its cut-offs", () => {
  const chart = chartOfFigure(results, figure("roc", "curve/clinical-radiomics", "cut-offs"));
  if (chart === null) throw new Error("no chart");

  it("marks those that the results hold", () => {
    expect(chart.switches.map(({ label }) => label)).toEqual([
      "clinical-radiomics",
      "Youden",
      "Closest to the corner",
      "Fixed sensitivity of 0.9",
    ]);
    const told = stopsOf(chart.option(new Set(["cut-off/sensitivity", "cut-off/Youden"]), PAPER, 600));
    expect(told.map(({ lines }) => lines[0])).toEqual(["Youden"]);
    expect(told[0]?.lines[1]).toMatch(/^Threshold ≥ −\d/);
  });

  it("gives them as CSV below the curve", () => {
    const rows = chart.grid(initiallyShown(chart)).rows;
    const row = rows.find(([name]) => name === "Youden");
    expect(row?.[2]).toBeGreaterThan(0.5);
    expect(Number(row?.[2]) + Number(row?.[3])).toBeGreaterThan(1);
  });
});

describe("advice", () => {
  it("counts those who disagreed and followed, by whether the model was right", () => {
    const chart = one("change_of_mind", "advice");
    const rows = chart.grid(initiallyShown(chart)).rows;
    const of = (reader: string, model: string) =>
      rows.find((row) => row[0] === reader && row[1] === `radiomics ${model}`) ?? [];
    for (const model of ["right", "wrong"]) {
      for (const column of [2, 3]) {
        const sum = Number(of("Reader 1", model)[column]) + Number(of("Reader 2", model)[column]);
        expect(of("All readers", model)[column]).toBe(sum);
      }
    }
    expect(chart.grid(new Set(["All readers", "right"])).rows).toHaveLength(1);
  });
});

describe("change of reading time", () => {
  it("gives each reader's ratio and that of all", () => {
    const chart = one("change_of_mind", "-time");
    const rows = chart.grid(initiallyShown(chart)).rows;
    expect(rows.map(([name]) => name)).toEqual([
      "Reader 1 (100 pairs)",
      "Reader 2 (100 pairs)",
      "All readers (200 pairs)",
    ]);
    for (const row of rows) expect(Number(row[2])).toBeLessThan(Number(row[1]));
  });
});

describe("the average curve", () => {
  it("is drawn with its bands, which can be turned off", () => {
    const chart = one("roc", "roc-average");
    const ids = (shown: string[]) => chart.option(new Set(shown), PAPER, 600).series.map(({ id }) => id);
    expect(ids(["UNAIDED", "bands"])).toEqual(["chance", "UNAIDED", "UNAIDED-low", "UNAIDED-high"]);
    expect(ids(["UNAIDED"])).toEqual(["chance", "UNAIDED"]);
  });
});

describe("a confusion matrix", () => {
  it("holds every case once", () => {
    const chart = one("operating_points", "confusion");
    const rows = chart.grid(initiallyShown(chart)).rows;
    expect(rows).toHaveLength(4);
    expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(100);
    expect(Number(rows[0]?.[3]) + Number(rows[1]?.[3])).toBeCloseTo(100, 9);
  });
});

describe("clinical impact", () => {
  it("never finds more with the outcome than are called high risk", () => {
    const rows = one("models", "impact").grid(
      new Set(["Called high risk", "High risk with the outcome"]),
    ).rows;
    const half = rows.length / 2;
    for (const [at, row] of rows.slice(0, half).entries()) {
      expect(Number(rows[half + at]?.[2])).toBeLessThanOrEqual(Number(row[2]));
    }
  });
});

describe("MRMC", () => {
  it("shows readers and differences by themselves in the place of their own figures", () => {
    const readers = chartOfFigure(results, figure("mrmc", "or_jackknife/AUC", "readers"));
    const differences = chartOfFigure(results, figure("mrmc", "or_jackknife/AUC", "differences"));
    const rows = (chart: Chart | null) => chart?.grid(initiallyShown(chart)).rows.map((row) => row[0]);
    expect(rows(readers)).toContain("Reader 1, aided");
    expect(rows(differences)).toEqual([
      "Reader 1, aided − unaided",
      "Reader 2, aided − unaided",
      "Mean, aided − unaided",
    ]);
  });

  it("gives the differences of the results", () => {
    const chart = one("mrmc", "or_jackknife");
    const row = chart.grid(initiallyShown(chart)).rows.find(([name]) => name === "Reader 1, aided − unaided");
    expect(row?.[1]).toBeCloseTo(0.1351098644, 9);
  });
});

describe("reclassification", () => {
  it("sums the reads of the readers that are shown", () => {
    const chart = one("change_of_mind", "reclassification");
    const sum = (shown: Set<string>) =>
      chart
        .grid(shown)
        .rows.flatMap((row) => row.slice(2))
        .reduce<number>((total, cell) => total + Number(cell), 0);
    expect(sum(initiallyShown(chart))).toBe(200);
    expect(sum(new Set(["reader/Reader 1"]))).toBe(100);
  });
});

describe("follow-up", () => {
  it("is told with its unit", () => {
    const months = { ...results, time_unit: "months" };
    const [survival, , roc] = furtherCharts(months, "survival", []);
    expect(survival?.grid(initiallyShown(survival)).header[1]).toBe("Time (months)");
    expect(roc?.switches.map(({ label }) => label)).toEqual(["At 12 months", "At 24 months", "At 36 months"]);
    expect(survival?.alt(initiallyShown(survival))).toMatch(/median (not reached|[\d.]+ months)/);
  });

  it("has its unit at the time of a decision curve, and none where there is no such time", () => {
    const item = results.sections
      .find(({ key }) => key === "models")
      ?.items.find(({ key }) => key.startsWith("decision_curve"));
    if (item === undefined) throw new Error("the fixture has no decision curve");
    const timed = { ...item, result: { ...(item.result as object), at: 36 } };
    expect(decisionChart(timed, "net_benefit", "months")?.hint).toContain(", event by time 36 months.");
    expect(decisionChart(timed, "net_benefit")?.hint).toContain(", event by time 36.");
    expect(decisionChart(item, "net_benefit", "months")?.hint).not.toContain("months");
  });
});

describe("a calibration curve beyond 0 and 1", () => {
  it("is cut at the axes, and said to be", () => {
    const item = results.sections
      .find(({ key }) => key === "models")
      ?.items.find(({ key }) => key.startsWith("calibration"));
    if (item === undefined) throw new Error("the fixture has no calibration");
    const result = item.result as { curve: { predicted: number; smoothed: number }[] };
    const curve = result.curve.map((point, index) => ({ ...point, smoothed: index === 0 ? -0.1 : 0.5 }));
    expect(calibrationChart({ ...item, result: { ...result, curve } })?.hint).toContain("is cut there");
    const within = curve.map((point) => ({ ...point, smoothed: 0.5 }));
    expect(calibrationChart({ ...item, result: { ...result, curve: within } })?.hint).not.toContain("cut");
  });
});

describe("numbers at risk", () => {
  it("stand at round times", () => {
    expect(riskTimes(84)).toEqual([0, 20, 40, 60, 80]);
    expect(riskTimes(5)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(riskTimes(0)).toEqual([0]);
  });

  it("count who was observed up to the time at least", () => {
    const point = { events: 1, censored: 0, survival: 0.5, ci: { not_estimable: "x" } };
    const group = {
      label: "g",
      curve: {
        n: 3,
        n_events: 2,
        median: { estimate: 2 },
        points: [
          { ...point, time: 2, at_risk: 3 },
          { ...point, time: 5, at_risk: 1 },
        ],
      },
    };
    expect([0, 1, 2, 3, 5, 6].map((time) => atRisk(group, time))).toEqual([3, 3, 3, 1, 1, 0]);
  });
});

describe("files of what is seen", () => {
  it("have a title, a legend of what is shown, and room for both", () => {
    const chart = one("roc", "roc-curves");
    const shown = new Set(["reader/Reader 1/UNAIDED"]);
    const { option, height } = paperFigure(chart, shown, 600);
    expect(height).toBeGreaterThan(chart.height(600, shown) + 34);
    expect(JSON.stringify(option.graphic)).toContain("Reader 1, unaided: 0.652");
    expect(JSON.stringify(option.graphic)).not.toContain("Reader 2");
    expect(option.backgroundColor).toBe("#ffffff");
  });

  it("leave a cell empty where there is no value", () => {
    expect(gridTable({ header: ["a", "b"], rows: [["x", null]] }).rows).toEqual([["x", ""]]);
  });
});
