import { describe, expect, it } from "vitest";
import { initiallyShown, stopsOf } from "./chart";
import { gridTable, PAPER } from "./figure-files";
import { flowChart } from "./flow";
import { flowLayout, wrapped } from "./flow-layout";
import type { FlowItem } from "./flow-schema";

function flowOf(groups: number): FlowItem {
  const reason = (text: string, names: string[]) => ({ text, n: names.length, names });
  return {
    positive_class: "metastatic node",
    cases_enrolled: 43,
    cases_excluded: [
      reason(
        "no histology within six weeks of the examination",
        Array.from({ length: 33 }, (_, n) => `C-${n}`),
      ),
    ],
    cases_included: 10,
    positive: 4,
    negative: 6,
    without_truth: 0,
    readers_enrolled: 3,
    readers_excluded: [reason("the reader left", ["R3"])],
    readers_included: 2,
    groups: Array.from({ length: groups }, (_, n) => ({
      arm: n % 2 === 0 ? "UNAIDED" : "AIDED",
      session: n + 1,
      readers: 2,
      cases: 10,
      planned: null,
      not_read: [],
      read: 20,
      not_analyzed: n === 0 ? [reason("read before training", ["C-34 (R1)"])] : [],
      analyzed: n === 0 ? 19 : 20,
    })),
    warnings: ["How many reads were planned is not recorded."],
    cases_read: 10,
    cases_not_read: [],
    cohorts: [],
    raters: [],
  };
}

/** With two cohorts, cases that nobody read, a model and a consensus of which every reading is left out. */
function withRaters(groups: number): FlowItem {
  const cohort = { negative: 3, without_truth: 0 };
  return {
    ...flowOf(groups),
    cases_read: 6,
    cases_not_read: [{ text: "assigned to no reader", n: 4, names: [] }],
    cohorts: [
      { ...cohort, label: "development", cases: 4, positive: 1, read: groups === 0 ? 0 : 1 },
      { ...cohort, label: "validation", cases: 6, positive: 2, without_truth: 1, read: 5 },
    ],
    raters: [
      {
        kind: "consensus",
        label: "Panel, AIDED",
        cases: 2,
        scored: 2,
        not_analyzed: [{ text: "left the study", n: 2, names: ["C-1", "C-2"] }],
        analyzed: 0,
      },
      { kind: "model", label: "net", cases: 10, scored: 9, not_analyzed: [], analyzed: 9 },
    ],
  };
}

function chartOf(flow: FlowItem) {
  const chart = flowChart({ key: "flow", title: "Cases, readers and reads", result: flow });
  if (chart === null) throw new Error("no chart");
  return chart;
}

describe("the participant flow", () => {
  it("tells of a box its numbers, reasons and cases", () => {
    const stops = stopsOf(chartOf(flowOf(2)).option(new Set(), PAPER, 800)).map(({ lines }) => lines);
    expect(stops.map(([head]) => head)).toEqual([
      "Cases enrolled: 43",
      "Cases excluded: 33",
      "Readers enrolled: 3",
      "Readers excluded: 1",
      "Included: 10 cases, 2 readers",
      "UNAIDED, session 1",
      "AIDED, session 2",
      "Reads analyzed: 19",
      "Reads analyzed: 20",
    ]);
    expect(stops[1]?.[1]).toBe("no histology within six weeks of the examination: 33");
    expect(stops[1]?.[3]).toBe("C-0, C-1, C-2, C-3, C-4, C-5");
    expect(stops[1]?.at(-1)).toBe("and 3 more, which the CSV names");
    expect(stops[7]?.slice(1)).toEqual([
      "Not analyzed: 1",
      "read before training: 1",
      "read before training:",
      "C-34 (R1)",
    ]);
  });

  it("shows cohorts, models and consensus readings as the printed diagram does", () => {
    const chart = chartOf(withRaters(1));
    const told = stopsOf(chart.option(new Set(), PAPER, 800)).map(({ lines }) => lines);
    expect(told.find(([head]) => head?.startsWith("Included"))).toEqual([
      "Included: 10 cases, 2 readers",
      "Positive (metastatic node): 4; negative: 6",
      "development: 4 (1 positive); read: 1",
      "validation: 6 (2 positive, 1 without a reference standard); read: 5",
      "Cases with a read: 6",
      "assigned to no reader: 4",
    ]);
    expect(told.slice(5)).toEqual([
      ["UNAIDED, session 1", "2 readers, 10 cases", "Reads made: 20"],
      ["Consensus reading Panel, AIDED", "Cases with a score: 2 of 2"],
      ["Model net", "Cases with a score: 9 of 10"],
      [
        "Reads analyzed: 19",
        "Not analyzed: 1",
        "read before training: 1",
        "read before training:",
        "C-34 (R1)",
      ],
      ["Cases analyzed: 0", "Not analyzed: 2", "left the study: 2", "left the study:", "C-1, C-2"],
      ["Cases analyzed: 9", "Not analyzed: 0"],
    ]);
    expect(chart.alt(new Set())).toContain("Model net: 9 of 10 cases with a score, 9 analyzed");
    const { rows } = gridTable(chart.grid(initiallyShown(chart)));
    expect(rows).toContainEqual(["Cohort validation: cases", "", "", "", "6", ""]);
    expect(rows).toContainEqual([
      "Consensus reading Panel, AIDED: not analyzed",
      "",
      "",
      "left the study",
      "2",
      "C-1; C-2",
    ]);
  });

  it("gives every case and read that left as CSV", () => {
    const chart = chartOf(flowOf(2));
    const { rows } = gridTable(chart.grid(initiallyShown(chart)));
    expect(rows).toContainEqual(["Readers excluded", "", "", "the reader left", "1", "R3"]);
    expect(rows).toContainEqual([
      "Reads not analyzed",
      "UNAIDED",
      "1",
      "read before training",
      "1",
      "C-34 (R1)",
    ]);
    expect(rows.find(([step]) => step === "Cases excluded")?.[5]?.split("; ")).toHaveLength(33);
  });

  it.each([
    [320, 6],
    [480, 2],
    [860, 1],
    [860, 6],
  ])("keeps its boxes apart and inside at %i pixels with %i groups", (width, groups) => {
    const { boxes, height } = flowLayout(withRaters(groups), width);
    for (const [at, one] of boxes.entries()) {
      expect(one.x - one.width / 2).toBeGreaterThanOrEqual(0);
      expect(one.x + one.width / 2).toBeLessThanOrEqual(width);
      expect(one.y + one.height).toBeLessThanOrEqual(height);
      for (const other of boxes.slice(at + 1)) {
        const across = Math.abs(one.x - other.x) - (one.width + other.width) / 2;
        const down = Math.max(one.y, other.y) - Math.min(one.y + one.height, other.y + other.height);
        expect(Math.max(across, down)).toBeGreaterThan(0);
      }
    }
  });

  it("cuts a word that is longer than its box", () => {
    expect(wrapped("a lateropelvic node", 8)).toEqual(["a", "laterope", "lvic", "node"]);
  });

  it("has no groups where nobody read", () => {
    const chart = chartOf({ ...flowOf(0), readers_enrolled: 0, readers_included: 0, readers_excluded: [] });
    expect(chart.alt(new Set())).toMatch(/Included: 10 cases\. Positive/);
    expect(chart.alt(new Set())).not.toMatch(/Readers enrolled|\d readers/);
    expect(chart.grid(new Set()).rows.map(([step]) => step)).not.toContain("Readers enrolled");
    expect(stopsOf(chart.option(new Set(), PAPER, 600)).map(({ lines }) => lines[0])).toEqual([
      "Cases enrolled: 43",
      "Cases excluded: 33",
      "Included: 10 cases",
    ]);
  });

  it("is left to the printed figure where it has another shape", () => {
    expect(flowChart({ key: "flow", title: "", result: { groups: [] } })).toBeNull();
  });
});
