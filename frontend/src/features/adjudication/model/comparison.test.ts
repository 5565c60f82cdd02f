import { describe, expect, it } from "vitest";
import { itemOf, paintedItem } from "../testing";
import { answerWords, comparisonRows } from "./comparison";

describe("comparisonRows", () => {
  const rows = comparisonRows(itemOf(), { points: 1 });
  const row = (key: string) => rows.find(({ question }) => question.key === key);

  it("has every question but free text, in the order of the form", () => {
    expect(rows.map(({ question }) => question.key)).toEqual([
      "region",
      "length",
      "margin",
      "signal",
      "points",
      "tumor",
    ]);
  });

  it("says in words what each reading says", () => {
    expect(row("region")?.cells).toEqual(["Left", "Right", "Left"]);
    expect(row("length")?.cells).toEqual(["8 mm", "11 mm", "14 mm"]);
    expect(row("tumor")?.cells).toEqual(["Nothing drawn", "1 outline", "2 outlines"]);
  });

  it("marks what is discordant and tells what stands", () => {
    expect(row("region")).toMatchObject({
      discordance: "The readers gave different answers.",
      isOpen: true,
      standing: null,
    });
    expect(row("margin")).toMatchObject({
      discordance: null,
      isOpen: false,
      standing: { text: "Yes", how: "All agree" },
    });
  });

  it("lets computed questions follow from what stands", () => {
    expect(row("points")?.standing).toEqual({ text: "1", how: "Follows" });
    expect(comparisonRows(itemOf(), { points: null })[4]?.standing).toBeNull();
  });

  it("gives drawings that agree no single value", () => {
    const fixed = [{ question: "tumor", value: null, how: "concordant" as const }];
    const tumor = comparisonRows(itemOf({ fixed, to_settle: [], discordant: [] }), {}).at(-1);
    expect(tumor?.standing).toEqual({ text: "Drawings agree", how: "Within the limit" });
  });
});

describe("comparisonRows of a painted mask", () => {
  const row = comparisonRows(paintedItem(), {}).find(({ question }) => question.key === "nodes");

  it("counts segments, and names each with its words and sizes", () => {
    expect(row?.cells).toEqual(["2 segments", "1 segment", "–"]);
    expect(row?.segments).toEqual([
      ["left, positive, 9.5 × 7.3 mm, 0.20 ml, borderline", "right, positive, 9.5 × 8.3 mm, 0.20 ml"],
      ["left, positive, 9.5 × 7.3 mm, 0.20 ml, borderline"],
      [],
    ]);
  });

  it("tells how far each two masks agree", () => {
    expect(row?.overlaps).toEqual(["A and B: 0.67"]);
  });
});

describe("answerWords", () => {
  it("has a dash for what is not answered", () => {
    const [region] = itemOf().form.questions;
    if (!region) throw new Error("the form has a question");
    expect(answerWords(region, null)).toBe("–");
    expect(answerWords(region, ["left", "right"])).toBe("Left, Right");
  });
});
