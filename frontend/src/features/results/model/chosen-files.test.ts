import { describe, expect, it } from "vitest";
import { DATASET_RULES, filesProblem, withFiles } from "./chosen-files";

function file(name: string, content = ""): File {
  return new File([content], name);
}

describe("chosen files", () => {
  it("keeps the later of two of one name", () => {
    const chosen = withFiles([file("cases.csv", "old"), file("reads.csv")], [file("cases.csv", "newer")]);
    expect(chosen.map(({ name, size }) => [name, size])).toEqual([
      ["cases.csv", 5],
      ["reads.csv", 0],
    ]);
  });

  it.each([
    [["cases.csv", "study.json"], null],
    [["ALL.ZIP"], null],
    [["all.zip", "cases.csv"], "Give one .zip file alone, or the files without it."],
    [["reads.xlsx"], "Not .csv, .json or .zip: reads.xlsx."],
  ])("%s", (names, problem) => {
    expect(
      filesProblem(
        names.map((name) => file(name)),
        DATASET_RULES,
      ),
    ).toBe(problem);
  });

  it("names what the server would not know", () => {
    const rules = { endings: [".csv"], names: ["outcomes.csv"] };
    expect(filesProblem([file("outcome.csv"), file("outcomes.csv")], rules)).toBe(
      "Not known by this name: outcome.csv.",
    );
  });
});
