import { describe, expect, it } from "vitest";
import type { ProtocolDocument } from "./document";
import { type Draft, type History, historyReducer, startHistory } from "./history";

function draft(objective: string): Draft {
  return { title: "T", document: { objective } as ProtocolDocument };
}

function change(history: History, objective: string, label: string, at: number): History {
  return historyReducer(history, { type: "change", draft: draft(objective), label, at });
}

describe("historyReducer", () => {
  it("takes typing in one field back as one change", () => {
    let history = startHistory(draft(""));
    history = change(history, "a", "the objective", 10_000);
    history = change(history, "ab", "the objective", 10_400);
    history = change(history, "abc", "the objective", 11_500);
    expect(history.past).toHaveLength(1);
    history = historyReducer(history, { type: "undo", at: 12_000 });
    expect(history.draft.document.objective).toBe("");
    expect(history.past).toHaveLength(0);
  });

  it("begins anew after a pause and in another field", () => {
    let history = startHistory(draft(""));
    history = change(history, "a", "the objective", 10_000);
    history = change(history, "b", "the objective", 12_000);
    history = change(history, "c", "the instructions", 12_100);
    expect(history.past.map((one) => one.draft.document.objective)).toEqual(["", "a", "b"]);
  });

  it("counts every step, so that an undo is saved too", () => {
    let history = change(startHistory(draft("")), "a", "x", 1);
    history = historyReducer(history, { type: "undo", at: 2 });
    expect(history.count).toBe(2);
    expect(historyReducer(history, { type: "undo", at: 3 })).toBe(history);
  });

  it("keeps no more than a hundred steps", () => {
    let history = startHistory(draft("0"));
    for (let step = 1; step <= 130; step += 1) {
      history = change(history, String(step), `field ${step}`, step);
    }
    expect(history.past).toHaveLength(100);
    expect(history.past[0]?.draft.document.objective).toBe("30");
  });
});
