import { describe, expect, it } from "vitest";
import { addWord, combinations, piecesOf, relabelWord, withLabels } from "./words";

const left = { key: "left", label: "left" };

describe("the words of a painted mask", () => {
  it("get a key of their own, which follows the label until somebody decides otherwise", () => {
    const words = addWord([left], "Left");
    expect(words).toEqual([left, { key: "left_2", label: "Left" }]);
    expect(relabelWord(words, 1, "Right side")[1]).toEqual({ key: "right_side", label: "Right side" });
    const own = [{ key: "l", label: "left" }];
    expect(relabelWord(own, 0, "Left side")).toEqual([{ key: "l", label: "Left side" }]);
  });

  it("never take a word of the expressions as a key", () => {
    expect(addWord([], "count")).toEqual([{ key: "count_2", label: "count" }]);
  });

  it("are every region on every side", () => {
    expect(combinations(["obturator", "internal iliac"], ["left", "right"])).toEqual([
      "left obturator",
      "right obturator",
      "left internal iliac",
      "right internal iliac",
    ]);
    expect(combinations(["presacral"], [])).toEqual(["presacral"]);
    expect(combinations([], ["left"])).toEqual(["left"]);
  });

  it("are added only where they are missing", () => {
    expect(withLabels([left], ["left", "right"])).toEqual([left, { key: "right", label: "right" }]);
  });

  it("are read from lines and commas, each once", () => {
    expect(piecesOf(" obturator, internal iliac\n\nobturator,")).toEqual(["obturator", "internal iliac"]);
  });
});
