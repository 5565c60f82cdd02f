import { describe, expect, it } from "vitest";
import { resultsSchema } from "../api/get-results";
// Written by `backend.analysis.study_report` from synthetic ratings of nine cases, with a provenance made up.
import report from "../api/report.fixture.json";
import { isEstimable } from "./format";
import { chartHeight, MARGINS, rocOption } from "./roc-option";
import { pointLines, rocSeries } from "./roc-series";
import { agreementQuestions, aucRows, comparisonsOf, droppedByReason, pairOf } from "./tables";

const results = resultsSchema.parse(report);
const colors = { text: "#eee", dim: "#aaa", line: "#333", grid: "#222", panel: "#111" };

describe("schema", () => {
  it("refuses a report of another version", () => {
    expect(resultsSchema.safeParse({ ...report, schema_version: 2 }).success).toBe(false);
  });
});

describe("tables", () => {
  it("give a reader one AUC an arm in the design's order, and a model one without an arm", () => {
    const rows = aucRows(results);
    expect(rows.map((row) => [row.name, row.cells.map((cell) => cell?.curve.arm)])).toEqual([
      ["Reader One", ["UNAIDED", "AIDED"]],
      ["Reader Two", ["UNAIDED", "AIDED"]],
      ["lpln-radiomics", [null]],
    ]);
  });

  it("leave an empty cell where a reader read nothing in an arm", () => {
    const curves = results.curves.filter(({ curve }) => curve.name !== "Reader Two" || curve.arm !== "AIDED");
    expect(aucRows({ ...results, curves })[1]?.cells.map((cell) => cell?.curve.arm ?? null)).toEqual([
      "UNAIDED",
      null,
    ]);
  });

  it("split comparisons by kind: two readers between arms, four curves against the model", () => {
    expect(comparisonsOf(results, "arms")).toHaveLength(2);
    expect(comparisonsOf(results, "reader_vs_model")).toHaveLength(4);
  });

  it("group agreement by question and weights with one matrix an arm", () => {
    const questions = agreementQuestions(results);
    expect(questions.map((question) => question.label)).toEqual([
      "Called positive (readers: score ≥ 4)",
      "Ordinal score, linear weights",
      "Ordinal score, quadratic weights",
      "Ill-defined or spiculated margin",
    ]);
    for (const question of questions) {
      expect(question.tables.map((table) => table.arm)).toEqual(["UNAIDED", "AIDED"]);
    }
  });

  it("find a pair in either order", () => {
    const [table] = results.agreement;
    if (table === undefined) throw new Error("the report has no agreement");
    expect(pairOf(table, "Reader One", "Reader Two")).toBeDefined();
    expect(pairOf(table, "Reader Two", "Reader One")).toBe(pairOf(table, "Reader One", "Reader Two"));
    expect(pairOf(table, "Reader One", "nobody")).toBeUndefined();
  });

  it("tell dropped cases once a reason", () => {
    const dropped = [
      { case: "A-1", reason: "no truth" },
      { case: "A-2", reason: "not read" },
      { case: "A-3", reason: "no truth" },
    ];
    expect(droppedByReason(dropped)).toEqual([
      { reason: "no truth", cases: ["A-1", "A-3"] },
      { reason: "not read", cases: ["A-2"] },
    ]);
  });
});

describe("ROC", () => {
  const series = rocSeries(results);

  it("draws a reader in one color, arms by line, and a model in the text's color", () => {
    expect(series.map(({ label, color, line }) => [label, color, line])).toEqual([
      ["Reader One, unaided", "#0072B2", "dashed"],
      ["Reader One, aided", "#0072B2", "solid"],
      ["Reader Two, unaided", "#D55E00", "dashed"],
      ["Reader Two, aided", "#D55E00", "solid"],
      ["lpln-radiomics", null, "solid"],
    ]);
  });

  it("runs every curve from (0, 0) to (1, 1), and its trapezoids make the AUC that the table shows", () => {
    for (const { points, result } of series) {
      const path = points.map((point) => [1 - point.specificity, point.sensitivity] as const);
      expect(path[0]).toEqual([0, 0]);
      expect(path.at(-1)).toEqual([1, 1]);
      const area = path
        .slice(1)
        .reduce(
          (sum, [x, y], index) => sum + ((x - (path[index]?.[0] ?? 0)) * (y + (path[index]?.[1] ?? 0))) / 2,
          0,
        );
      expect(isEstimable(result.auc.auc) && result.auc.auc).toBeCloseTo(area, 12);
    }
  });

  it("leaves out a curve that cannot be drawn", () => {
    const [first, ...rest] = results.curves;
    if (first === undefined) throw new Error("the report has no curve");
    const curves = [{ ...first, roc: { not_estimable: "there is no positive case" } }, ...rest];
    expect(rocSeries({ ...results, curves }).map(({ label }) => label)).not.toContain("Reader One, unaided");
  });

  it("says threshold, sensitivity, specificity and counts of a point", () => {
    const [one] = series;
    if (one === undefined) throw new Error("no series");
    const point = {
      threshold: 4,
      sensitivity: 2 / 3,
      specificity: 5 / 6,
      true_positives: 2,
      false_positives: 1,
    };
    expect(pointLines(one, point)).toEqual([
      "Threshold ≥ 4",
      "Sensitivity 0.667 (2 of 3)",
      "Specificity 0.833 (5 of 6)",
      "n = 9",
    ]);
  });

  it("keeps the plot square and its axes from 0 to 1", () => {
    for (const width of [360, 540, 901]) {
      const plotWidth = width - MARGINS.left - MARGINS.right;
      expect(chartHeight(width) - MARGINS.top - MARGINS.bottom).toBe(plotWidth);
    }
    const option = rocOption(series, colors);
    expect([option.xAxis.min, option.xAxis.max, option.yAxis.min, option.yAxis.max]).toEqual([0, 1, 0, 1]);
    expect(option.series).toHaveLength(series.length + 1);
  });

  it("shows a name in the tooltip as text, never as markup", () => {
    const name = "<img src=x onerror=alert(1)>";
    const box = rocOption(series, colors).tooltip.formatter({ data: { lines: [name, "n = 9"] } });
    expect(box.querySelector("img")).toBeNull();
    expect(box.firstElementChild?.textContent).toBe(name);
  });
});
