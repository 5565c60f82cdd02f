import { describe, expect, it } from "vitest";
import type { DeskCase, DeskSeries, PredictionState } from "../api/get-cases";
import type { DeskStudy } from "../api/get-study";
import { detailPairs, eventText } from "./audit-text";
import {
  canRunModel,
  casesText,
  countPredictions,
  matrixText,
  runModelLabel,
  spacingText,
} from "./case-text";
import { deskTabs } from "./desk-tabs";

const none = {
  progress: false,
  cases: false,
  freeze: false,
  predictions: false,
  lock: false,
  people: false,
  enroll: false,
  protocol: false,
  amend: false,
  deviations: false,
  unblind: false,
  results: false,
  audit: false,
};

function study(role: string, permissions: Partial<DeskStudy["permissions"]>): DeskStudy {
  return {
    slug: "lpln",
    title: "LPLN",
    phase: "READING",
    template: "lpln-radiomics",
    protocol_version: 1,
    protocol_sha256: "",
    washout_days: 14,
    frozen_at: null,
    locked_at: null,
    locked_by: "",
    lock_reason: "",
    lock_request: null,
    sessions: [],
    cases: 0,
    readers: 0,
    missing_reads: 0,
    role,
    permissions: { ...none, ...permissions },
  };
}

function caseWith(status: PredictionState["status"], center = "AAA"): DeskCase {
  return {
    number: "A-0001",
    center,
    series: [],
    masks: 1,
    prediction: { status, progress: 0, reason: "" },
    synthetic: true,
  };
}

describe("deskTabs", () => {
  const paths = (one: DeskStudy) => deskTabs(one).map((tab) => tab.path);

  it("gives the coordinator the way to the lock before there are results", () => {
    expect(paths(study("COORDINATOR", { progress: true, cases: true, audit: true }))).toEqual([
      "progress",
      "cases",
      "design",
      "results",
      "audit",
    ]);
  });

  it("begins with the design while there is one", () => {
    const inDesign: DeskStudy = { ...study("COORDINATOR", { cases: true }), phase: "DESIGN" };
    expect(paths(inDesign)).toEqual(["design", "cases", "results"]);
  });

  it("shows how the study is conducted from the freeze on, and its people before", () => {
    const office = { people: true, protocol: true, deviations: true };
    expect(paths(study("AUDITOR", office))).toEqual(["people", "design", "amendments", "deviations"]);
    expect(paths({ ...study("AUDITOR", office), phase: "DESIGN" })).toEqual(["design", "people"]);
  });

  it("gives a site data manager the cases alone", () => {
    expect(paths(study("SITE_DATA_MANAGER", { cases: true }))).toEqual(["cases"]);
  });

  it("gives an auditor no results", () => {
    expect(paths(study("AUDITOR", { progress: true, audit: true }))).toEqual(["progress", "design", "audit"]);
  });
});

describe("cases", () => {
  const series: DeskSeries = {
    title: "T2W axial",
    role: "T2W",
    slices: 44,
    rows: 320,
    columns: 256,
    row_spacing_mm: 0.5625,
    column_spacing_mm: 0.7,
    slice_step_mm: null,
    warnings: [],
  };

  it("writes matrix and spacing in the same order, unknown as a question mark", () => {
    expect(matrixText(series)).toBe("44 × 320 × 256");
    expect(spacingText({ ...series, slice_step_mm: 3 })).toBe("3.00 × 0.56 × 0.70");
    expect(spacingText(series)).toBe("? × 0.56 × 0.70");
  });

  it("counts cases, centers and where the model stands", () => {
    const cases = [
      caseWith("done"),
      caseWith("running", "BBB"),
      caseWith("queued"),
      caseWith("failed"),
      caseWith("cancelled"),
    ];
    expect(countPredictions(cases)).toEqual({ none: 1, underWay: 2, done: 1, failed: 1 });
    expect(casesText(cases)).toBe("5 cases from 2 centers");
    expect(casesText([caseWith("none")])).toBe("1 case from 1 center");
  });

  it("offers the model only where asking would queue something", () => {
    expect(canRunModel({ none: 1, underWay: 3, done: 0, failed: 0 })).toBe(true);
    expect(canRunModel({ none: 0, underWay: 0, done: 3, failed: 1 })).toBe(true);
    expect(canRunModel({ none: 0, underWay: 2, done: 1, failed: 1 })).toBe(false);
    expect(runModelLabel({ none: 0, underWay: 2, done: 1, failed: 0 })).toBe("Model is running");
    expect(runModelLabel({ none: 0, underWay: 0, done: 3, failed: 0 })).toBe("Model has run on all cases");
  });
});

describe("audit", () => {
  it("reads event names and shortens digests", () => {
    expect(eventText("protocol_frozen")).toBe("Protocol frozen");
    const sha = "3fa9c2e1b07d5512aa90c1de77f0a8b13fa9c2e1b07d5512aa90c1de77f0a8b1";
    expect(
      detailPairs({ sha256: sha, is_late: false, models: ["a", "b"], versions: { numpy: "2.4" }, note: "" }),
    ).toEqual([
      ["sha256", "3fa9c2e1b07d…"],
      ["is late", "false"],
      ["models", "a, b"],
      ["versions", "numpy 2.4"],
      ["note", "–"],
    ]);
  });
});
