import { describe, expect, it } from "vitest";
import { analysisResultsSchema } from "../../api/analysis-results";
import fixture from "../../api/analysis-results.fixture.json";
import { tableCsv } from "../table-copy";
import { type Chart, initiallyShown, stopsOf } from "./chart";
import { gridTable, PAPER } from "./figure-files";
import { intraReaderChart } from "./intra-reader";
import { tickText } from "./option-parts";
import { periodsChart } from "./periods";
import { chartOfFigure, furtherCharts } from "./registry";

const results = analysisResultsSchema.parse(fixture);

function one(section: string, part: string): Chart {
  const found = furtherCharts(results, section, []).find((chart) => chart.key.includes(part));
  if (found === undefined) throw new Error(`no chart of ${section}/${part}`);
  return found;
}

describe("the same reader twice", () => {
  const answers = one("intra_reader", "rating:score");
  const measured = one("intra_reader", "measurement");

  it("holds every case once a reader", () => {
    const rows = answers.grid(initiallyShown(answers)).rows;
    const of = (name: string) => rows.filter(([reader]) => reader === name);
    for (const reader of ["Reader 1", "Reader 2"]) {
      expect(of(reader)).toHaveLength(25);
      expect(of(reader).reduce((sum, row) => sum + Number(row[3]), 0)).toBe(20);
    }
    // Rows of the table are the first reading: twice 2 became 3, and 3 never became 2.
    expect(rows).toContainEqual(["Reader 1", "2", "3", 2]);
    expect(rows).toContainEqual(["Reader 1", "3", "2", 0]);
    expect(answers.alt(new Set(["reader/Reader 1"]))).toContain(
      "Reader 1: 16 of 20 cases alike, kappa 0.868 (0.746–0.990)",
    );
  });

  it("draws bubbles whose area is the count, the first reading across", () => {
    const { series } = answers.option(new Set(["reader/Reader 1"]), PAPER, 600);
    const data = series[0]?.data as { value: number[]; symbolSize: number; label: { formatter: string } }[];
    const ratio = data.map(({ symbolSize, label }) => symbolSize ** 2 / Number(label.formatter));
    for (const each of ratio) expect(each).toBeCloseTo(ratio[0] ?? 0, 6);
    expect(data.find(({ value }) => value[0] === 1 && value[1] === 2)?.label.formatter).toBe("2");
  });

  it("is drawn once for two weights of the same answers", () => {
    const keys = furtherCharts(results, "intra_reader", []).map(({ key }) => key);
    expect(keys.some((key) => key.includes("quadratic"))).toBe(false);
  });

  it("gives second minus first of measurements, a panel a reader", () => {
    const rows = measured.grid(new Set(["reader/Reader 2"])).rows;
    expect(new Set(rows.map(([reader]) => reader))).toEqual(new Set(["Reader 2"]));
    expect(measured.alt(initiallyShown(measured))).toMatch(/Reader 1\. Bias −0\.12 \(−0\.43 to 0\.19\)/);
    expect(measured.height(700, initiallyShown(measured))).toBeLessThan(
      measured.height(320, initiallyShown(measured)),
    );
  });

  it("names the unit on its axes and tells as many decimals as the differences have", () => {
    const shown = new Set(["reader/Reader 2"]);
    const { xAxis, yAxis } = measured.option(shown, PAPER, 600) as unknown as Record<
      string,
      { name: string }[]
    >;
    expect([xAxis?.[0]?.name, yAxis?.[0]?.name]).toEqual([
      "Mean of both readings (mm)",
      "Second − first (mm)",
    ]);
    expect(measured.grid(shown).header.slice(2)).toEqual(["Mean (mm)", "Second − first (mm)"]);
    const small = [0.00121, 0.00112, 0.00143].map((mean, index) => ({
      case: `C${index}`,
      mean,
      difference: index * 0.0004,
    }));
    const level = { value: 0.0004, exact_ci: { low: 0, high: 0.001 } };
    const bland_altman = {
      rater_a: "second",
      rater_b: "first",
      n: 3,
      bias: 0.0004,
      bias_ci: { low: 0, high: 0.0008 },
      lower: level,
      upper: level,
      points: small,
    };
    const adc = intraReaderChart(
      { key: "between/measurement:adc/A", title: "ADC", result: [{ reader: "R1", n: 3, bland_altman }] },
      "mm²/s",
    );
    const told = stopsOf(adc?.option(new Set(["reader/R1"]), PAPER, 600) ?? { series: [] });
    expect(told[1]?.lines).toEqual(["R1, C1", "Mean 0.0011", "Second − first 0.0004"]);
    expect([0.0012, 0.00125, 0.25, 12.5, -2, 0.1 + 0.2].map(tickText)).toEqual([
      "0.0012",
      "0.00125",
      "0.25",
      "12.5",
      "−2",
      "0.3",
    ]);
  });

  it("is left out where nobody read or measured a case twice", () => {
    const reason = { not_estimable: "no case was read twice" };
    const result = [{ reader: "R1", n: 0, bland_altman: reason }];
    expect(intraReaderChart({ key: "between/measurement:a/A", title: "A", result })).toBeNull();
  });
});

describe("the order of the arms", () => {
  const chart = one("periods", "UNAIDED and AIDED");

  it("stands in the place of the printed figure", () => {
    const printed = { key: "printed", caption: "", alt: "", notes: [], section: "periods" };
    const found = chartOfFigure(results, { ...printed, item: "UNAIDED and AIDED", kind: "by-period" });
    expect(found?.key).toBe(chart.key);
  });

  it("tells of every reader and mean the period and arm", () => {
    const told = stopsOf(chart.option(initiallyShown(chart), PAPER, 800)).map(({ lines }) => lines);
    expect(told).toHaveLength(12);
    expect(told[0]).toEqual(["Reader 1", "AUC, unaided first", "Period 1, unaided: 0.652"]);
    expect(told[5]?.slice(0, 2)).toEqual(["Mean of 2 readers", "AUC, unaided first"]);
    const rows = chart.grid(new Set(["means"])).rows;
    expect(rows).toHaveLength(4);
    expect(rows[0]?.slice(0, 5)).toEqual(["AUC", "unaided first", "Mean of 2", 1, "UNAIDED"]);
  });

  it("has a panel for each order, and no point where there is no value", () => {
    const cell = { reader: "R1", arm: "A", auc: { not_estimable: "one class" }, right: 0.5 };
    const mean = { arm: "A", readers: ["R1"], mean: 0.5, ci: { not_estimable: "one reader" } };
    const sequences = ["AB", "BA"] as const;
    const twice = <T extends object>(from: T) =>
      sequences.flatMap((sequence) => [1, 2].map((period) => ({ ...from, sequence, period })));
    const result = {
      first_arm: "A",
      second_arm: "B",
      design: "crossover by reader",
      design_text: "Crossover.",
      cells: twice(cell),
      means: twice({ ...mean, measure: "right" }),
    };
    const crossover = periodsChart({ key: "A and B", title: "A and B", result });
    if (crossover === null) throw new Error("no chart");
    const shown = initiallyShown(crossover);
    const titles = crossover.option(shown, PAPER, 800).title as { text: string }[];
    expect(titles.map(({ text }) => text)).toEqual([
      "AUC, A first",
      "AUC, B first",
      "Right calls, A first",
      "Right calls, B first",
    ]);
    expect(crossover.alt(shown)).toContain("AUC, A first: R1 not estimable to not estimable");
    expect(stopsOf(crossover.option(shown, PAPER, 800))).toHaveLength(8);
  });

  it("keeps arms and readers whole in the CSV, whatever stands in their names", () => {
    const [early, late, reader] = ['Contrast, "early"', "=Late\nphase", "R1, night"];
    const cells = [early, late].map((arm, index) => ({
      reader,
      sequence: "AB",
      period: index + 1,
      arm,
      auc: 0.5 + index / 4,
      right: 0.5,
    }));
    const result = {
      first_arm: early,
      second_arm: late,
      design: "crossover by reader",
      design_text: "Crossover.",
      cells,
      means: [],
    };
    const named = periodsChart({ key: "A and B", title: "A and B", result });
    if (named === null) throw new Error("no chart");
    const { header, rows } = gridTable(named.grid(initiallyShown(named)));
    expect(rows.slice(0, 2)).toEqual([
      ["AUC", `${early} first`, reader, "1", early, "0.5", "", ""],
      ["AUC", `${early} first`, reader, "2", late, "0.75", "", ""],
    ]);
    const quoted = '"Contrast, ""early"""';
    expect(tableCsv({ header, rows: rows.slice(0, 2) })).toBe(
      [
        "Measure,Order,Reader,Period,Arm,Value,Low,High",
        `AUC,"Contrast, ""early"" first","R1, night",1,${quoted},0.5,,`,
        `AUC,"Contrast, ""early"" first","R1, night",2,"'=Late\nphase",0.75,,`,
        "",
      ].join("\r\n"),
    );
  });
});
