import { describe, expect, it } from "vitest";
import {
  armInText,
  armLabel,
  curveLabel,
  digitsFor,
  formatInterval,
  formatLevel,
  formatNumber,
  formatP,
  formatThreshold,
  showEstimate,
  showInterval,
  tellOnce,
} from "./format";

describe("numbers", () => {
  it("have three decimals, a true minus sign, and no negative zero", () => {
    expect(formatNumber(0.8421)).toBe("0.842");
    expect(formatNumber(1)).toBe("1.000");
    expect(formatNumber(-0.0316)).toBe("−0.032");
    expect(formatNumber(-0.0001)).toBe("0.000");
    expect(formatNumber(66.666, 1)).toBe("66.7");
  });

  it("give P below 0.001 as a bound", () => {
    expect(formatP(0.0371)).toBe("0.037");
    expect(formatP(0.001)).toBe("0.001");
    expect(formatP(0.0009999)).toBe("<0.001");
    expect(formatP(0)).toBe("<0.001");
    expect(formatP(0.99961)).toBe("1.000");
  });

  it("join bounds with a dash, or with a word when a sign stands between", () => {
    expect(formatInterval({ low: 0.624, high: 0.844 })).toBe("0.624–0.844");
    expect(formatInterval({ low: -0.0372, high: 0.4556 })).toBe("−0.037 to 0.456");
  });

  it("name levels and thresholds", () => {
    expect(formatLevel(0.95)).toBe("95%");
    expect(formatLevel(0.975)).toBe("97.5%");
    expect(formatThreshold(4)).toBe("≥ 4");
    expect(formatThreshold(-0.4712)).toBe("≥ −0.471");
    expect(formatThreshold(null)).toBe("none positive");
  });
});

describe("halves", () => {
  it("are rounded to even, as in the tables", () => {
    const shown = [52.25, 52.75, 0.5, 1.5, 2.5, 0.125, -54.25].map((value) => formatNumber(value, 1));
    expect(shown).toEqual(["52.2", "52.8", "0.5", "1.5", "2.5", "0.1", "−54.2"]);
    expect([0.5, 1.5, 2.5].map((value) => formatNumber(value, 0))).toEqual(["0", "2", "2"]);
  });

  it("are no halves where the number only looks like one", () => {
    // Python: f"{value:.2f}".
    const shown = [10.235, 1.005, 0.285, 2.675, 1.115].map((value) => formatNumber(value, 2));
    expect(shown).toEqual(["10.23", "1.00", "0.28", "2.67", "1.11"]);
  });
});

describe("what cannot be estimated", () => {
  const reason = { not_estimable: "there is no positive case" };

  it("is a dash with the reason", () => {
    expect(showEstimate(reason)).toEqual({ text: "–", reason: "there is no positive case" });
    expect(showInterval(reason)).toEqual({ text: "–", reason: "there is no positive case" });
  });

  it("is told once a row", () => {
    const row = tellOnce([showEstimate(0.5), showEstimate(reason), showInterval(reason)]);
    expect(row.map((one) => one.reason)).toEqual([null, "there is no positive case", null]);
    expect(row.map((one) => one.text)).toEqual(["0.500", "–", "–"]);
  });
});

it("arms in capitals are set as words, abbreviations stay", () => {
  expect(["UNAIDED", "SRA", "CT with AI", "T2, LATE PHASE"].map(armLabel)).toEqual([
    "Unaided",
    "SRA",
    "CT with AI",
    "T2, LATE phase",
  ]);
  expect(armInText("AIDED")).toBe("aided");
});

it("as many decimals are shown as a spread of values needs", () => {
  expect([250, 25, 2.5, 0.25, 0.025, 0].map(digitsFor)).toEqual([0, 1, 2, 3, 4, 2]);
});

it("curves are named by reader and arm, models by name", () => {
  expect(curveLabel({ kind: "reader", name: "Reader One", arm: "AIDED" })).toBe("Reader One, aided");
  expect(curveLabel({ kind: "model", name: "lpln-radiomics", arm: null })).toBe("lpln-radiomics");
});
