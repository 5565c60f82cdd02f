import { describe, expect, it } from "vitest";
import { endpointsText, listsText, readEndpoints, readLists, readWords, wordsText } from "./plan-lines";

describe("lines of a plan", () => {
  it("are read again as they are written", () => {
    const words = { sex: "fisher", "information: center": "yates" };
    expect(readWords(wordsText(words))).toEqual({ value: words });
    const lists = { stage: ["I", "II", "III"], grade: ["low", "high"] };
    expect(readLists(listsText(lists))).toEqual({ value: lists });
    const endpoints = [
      { endpoint: "OS", by: 36.5, models: ["net", "score"] },
      { endpoint: "DFS", by: 12, models: ["net"] },
    ];
    expect(readEndpoints(endpointsText(endpoints))).toEqual({ value: endpoints });
    for (const read of [readWords, readLists, readEndpoints]) {
      expect("value" in read("  \n ")).toBe(true);
    }
  });

  it("say what cannot be read", () => {
    expect(readWords("sex fisher")).toEqual({ problem: "“sex fisher” is not written as: name: word." });
    expect(readWords("sex:")).toHaveProperty("problem");
    expect(readWords(": fisher")).toHaveProperty("problem");
    expect(readWords("a: x\na: y")).toEqual({ problem: "“a” stands here twice." });
    expect(readWords("a: anova", ["fisher"])).toEqual({ problem: "“anova” is none of fisher." });
    expect(readLists("stage: I")).toEqual({ problem: "“stage” needs two or more." });
    expect(readLists("stage: I, , II")).toHaveProperty("problem");
    expect(readLists("stage: I, I")).toEqual({ problem: "“I” of “stage” stands there twice." });
    for (const text of ["OS: net", "OS, x: net", "OS, 0: net", "OS, 1, 2: net", ", 1: net"]) {
      expect(readEndpoints(text)).toHaveProperty("problem");
    }
    expect(readEndpoints("OS, 1: net\nOS, 2: net")).toEqual({ problem: "“OS” stands here twice." });
    expect(readEndpoints("OS, 1: net, net")).toHaveProperty("problem");
    expect(readEndpoints("OS, 1: net,")).toHaveProperty("problem");
  });
});
