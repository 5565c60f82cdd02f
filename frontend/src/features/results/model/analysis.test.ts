import { describe, expect, it } from "vitest";
// Cut from the report of the synthetic demonstration lpln-radiomics.
import fixture from "../api/analysis-report.fixture.json";
import { type AnalysisRun, analysisFileUrl } from "../api/analysis-runs";
import { reportSchema } from "../api/report-content";
import { countsOf } from "./checklists";
import { fileGroups, formatBytes } from "./files";
import { sentence } from "./format";
import { methodsText } from "./methods-text";
import { formProblems, levelOf, progressText, runText, shownRun } from "./run-text";
import { fileName } from "./save";
import { sectionEntries, sectionOf, tablesOf } from "./sections";
import { datasetSource, studySource } from "./source";
import { numericColumns, tableCsv, tableHtml, tableTsv } from "./table-copy";

const report = reportSchema.parse(fixture);

function run(id: string, changed: Partial<AnalysisRun> = {}): AnalysisRun {
  return {
    id,
    state: "done",
    analysis_set: "as-read",
    level: 0.95,
    seed: 20260101,
    asked_at: "2026-03-02T09:00:00Z",
    asked_by: null,
    started_at: null,
    finished_at: null,
    sections_done: 0,
    sections_total: 13,
    section: null,
    error: null,
    dataset_sha256: null,
    is_default: true,
    ...changed,
  };
}

describe("runs", () => {
  it("show the newest finished default, however new another one is", () => {
    const runs = [run("c", { is_default: false }), run("b", { state: "running" }), run("a")];
    expect(shownRun(runs, null)?.id).toBe("a");
    expect(shownRun(runs, "c")?.id).toBe("c");
    expect(shownRun(runs, "gone")).toBeNull();
    expect(shownRun(runs.slice(0, 2), null)?.id).toBe("b");
    expect(shownRun([run("f", { state: "failed" })], null)?.id).toBe("f");
    expect(shownRun([], null)).toBeNull();
  });

  it("say how far they are", () => {
    const under = { state: "running", sections_done: 4, section: "ROC analysis" } as const;
    expect(progressText(run("a", under))).toBe("Section 5 of 13: ROC analysis");
    expect(progressText(run("a", { ...under, sections_done: 13 }))).toContain("Writing");
    expect(progressText(run("a", { state: "queued" }))).toContain("Waiting");
    expect(runText(run("a", { analysis_set: "per-protocol", level: 0.9 }))).toBe(
      "Per protocol, 90% intervals, seed 20260101",
    );
    const supplement = { id: "s", number: 2, reason: "follow-up" };
    expect(runText(run("a", { supplement }))).toMatch(/, supplement 2$/);
  });

  it("are asked for with a level and a seed that the server takes", () => {
    const form = { analysis_set: "as-read", level: "95", seed: "0", supplement: "" } as const;
    expect(formProblems(form)).toEqual({});
    expect(Object.keys(formProblems({ ...form, level: "100", seed: "1.5" }))).toEqual(["level", "seed"]);
    expect(Object.keys(formProblems({ ...form, level: "", seed: "" }))).toEqual(["level", "seed"]);
    expect(levelOf("95")).toBe(0.95);
    expect(levelOf("99.9")).toBe(0.999);
  });
});

describe("sections", () => {
  it("are those of the report, and say why one does not apply", () => {
    const entries = sectionEntries(report);
    expect(entries.find((entry) => entry.path === "features")?.reason).toContain("features.csv");
    expect(entries.find((entry) => entry.path === "roc")).toEqual({
      path: "roc",
      label: "ROC",
      reason: null,
    });
    expect(sectionEntries(undefined)).toHaveLength(14);
  });

  it("are found by their address, with the tables within them", () => {
    const section = sectionOf(report, "roc");
    if (section === undefined) throw new Error("no ROC");
    expect(tablesOf(section).length).toBe(2);
    expect(sectionOf(report, "nothing")).toBeUndefined();
    expect(sectionOf(report, "per-protocol")?.failures).toHaveLength(1);
  });
});

describe("tables", () => {
  const table = {
    key: "auc",
    caption: "Areas <all>",
    header: ["Reader", "AUC (95% CI)", "P", "Band"],
    rows: [
      ["=R1", "0.35 (0.17, 0.54)", "<.001", "fair"],
      ["R2\nlate", "−0.10 (−0.2, 0.1)", ".20", "poor"],
    ],
    row_headers: 1,
    notes: ["a & b"],
  };

  it("align the columns of numbers", () => {
    expect(numericColumns(table)).toEqual([false, true, true, false]);
    const medians = [
      ["a", "NR"],
      ["b", "NR (24.5, NR)"],
      ["c", "29.5 (17.6, NR)"],
    ];
    expect(numericColumns({ ...table, header: ["", "Median"], rows: medians, row_headers: 1 })).toEqual([
      false,
      true,
    ]);
  });

  it("are copied as text without formulas and without broken lines", () => {
    expect(tableTsv(table).split("\n")).toEqual([
      "Reader\tAUC (95% CI)\tP\tBand",
      "'=R1\t0.35 (0.17, 0.54)\t<.001\tfair",
      "R2 late\t−0.10 (−0.2, 0.1)\t.20\tpoor",
    ]);
  });

  it("are copied as a table whose cells are no markup", () => {
    const html = tableHtml(table);
    expect(html).toContain("<b>Areas &lt;all&gt;</b>");
    expect(html).toContain('<th align="left">R2<br>late</th><td align="right">');
    expect(html).toContain("<p>a &amp; b</p>");
  });

  it("are saved as CSV", () => {
    expect(tableCsv({ header: ["a", "b"], rows: [['x "y"', "1,5"]] })).toBe('a,b\r\n"x ""y""","1,5"\r\n');
    expect(tableCsv({ header: ["n"], rows: [["-1.5"]] })).toBe("n\r\n-1.5\r\n");
  });
});

describe("what is published", () => {
  it("holds methods with numbered references", () => {
    const text = methodsText(report.methods);
    expect(text).toContain("References\n1. ");
    expect(text.startsWith(`${report.methods.paragraphs[0]?.title}. `)).toBe(true);
  });

  it("counts what of a checklist is left to do", () => {
    const list = report.checklists[0];
    expect(countsOf(list?.items ?? [])).toEqual({ filled: 0, "partly filled": 3, "to complete": 3 });
  });

  it("lists files by folder with readable sizes", () => {
    const file = (path: string) => ({ path, bytes: 1, sha256: "", content_type: "" });
    const groups = fileGroups([file("figures/roc.svg"), file("report.pdf"), file("other/x")]);
    expect(groups.map((group) => group.title)).toEqual(["Report and results", "Figures", "other"]);
    expect([812, 2_500, 1_300_000].map(formatBytes)).toEqual(["812 B", "2.5 kB", "1.3 MB"]);
    expect(analysisFileUrl(studySource("s"), "r", "tables/a b.csv")).toBe(
      "/api/desk/studies/s/analysis/r/files/tables/a%20b.csv",
    );
    expect(analysisFileUrl(datasetSource("d"), "r", "x.csv")).toBe(
      "/api/desk/analyses/d/analysis/r/files/x.csv",
    );
  });

  it("names files and reasons as they are written", () => {
    expect(fileName("roc-AUC, all/x")).toBe("roc-AUC-all-x");
    expect(sentence("no reader rated a case")).toBe("No reader rated a case.");
  });
});
