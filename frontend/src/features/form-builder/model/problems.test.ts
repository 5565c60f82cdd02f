import { describe, expect, it } from "vitest";
import { generalProblems, problemsAt } from "./problems";

const problems = [
  { path: "questions", text: "The form has no question that a reader answers." },
  { path: "questions[1].show_if", text: "Question 2 (size): show_if, column 3: Unexpected 'b'." },
  { path: "questions[12].label", text: "Question 13: It lacks its label." },
];

describe("problems", () => {
  it("stand at their question, without its name", () => {
    expect(problemsAt(problems, 1)).toEqual([
      { path: "show_if", text: "show_if, column 3: Unexpected 'b'." },
    ]);
    expect(problemsAt(problems, 12)).toEqual([{ path: "label", text: "It lacks its label." }]);
    expect(problemsAt(problems, 2)).toEqual([]);
  });

  it("of the whole form stand above it", () => {
    expect(generalProblems(problems)).toEqual([problems[0]]);
  });
});
