import { describe, expect, it } from "vitest";
import type { DraftContent } from "../api/put-draft";
import { labelmapOf } from "../testing/lpln";
import { restoreDraft } from "./restore";

const content = (rating: number) => ({
  answers: { rating },
  measurements: [],
  annotations: [],
  labelmaps: [],
});
const server = { revision: 3, ...content(2), saved_at: null, client_id: "other/9", view: null };
const all = <T>(one: T): T => one;

describe("restoreDraft", () => {
  it("takes the server's draft when this browser keeps none or the same", () => {
    expect(restoreDraft(server, null, all)).toEqual({ kind: "server", content: content(2) });
    const same = { content: content(2), baseRevision: 1, keptAt: 5, saveId: "page/4" };
    expect(restoreDraft(server, same, all).kind).toBe("server");
  });

  it("takes what a crash left here when nothing was saved since", () => {
    const kept = { content: content(4), baseRevision: 3, keptAt: 5, saveId: "page/4" };
    expect(restoreDraft(server, kept, all)).toEqual({ kind: "local", content: content(4), keptAt: 5 });
  });

  it("leaves what the server has of the masks where this browser does not know of any", () => {
    const painted = { ...server, labelmaps: [labelmapOf("H4sI")] };
    const { labelmaps: _, ...unknown } = content(4);
    const kept = { content: unknown, baseRevision: 3, keptAt: 5, saveId: "page/4" };
    expect(restoreDraft(painted, kept, all).content.labelmaps).toBe(painted.labelmaps);
    expect(restoreDraft(painted, { ...kept, content: content(4) }, all).content.labelmaps).toEqual([]);
  });

  it("asks the reader when another tab has saved since", () => {
    const kept = { content: content(4), baseRevision: 2, keptAt: 5, saveId: "page/4" };
    expect(restoreDraft(server, kept, all)).toEqual({
      kind: "conflict",
      content: content(2),
      local: content(4),
      keptAt: 5,
    });
  });

  it("does not ask when the server holds what could be sent of it", () => {
    const kept = {
      content: { ...content(2), answers: { rating: 2, short_axis_mm: 99 } },
      baseRevision: 2,
      keptAt: 5,
      saveId: "page/4",
    };
    const restored = restoreDraft(server, kept, (one) => ({
      ...one,
      answers: { rating: one.answers.rating ?? null },
    }));
    expect(restored).toMatchObject({ kind: "local", content: kept.content });
  });

  it("knows the saves of the page that kept it, whose answer was lost, and goes on from the later of the two", () => {
    const kept = { content: content(4), baseRevision: 2, keptAt: 5, saveId: "page/4" };
    const of = (client_id: string) => restoreDraft({ ...server, client_id }, kept, all).kind;
    expect(of("page/3")).toBe("local");
    expect(of("page/4")).toBe("server");
    expect(of("page/5")).toBe("server");
    expect(of("page/5x")).toBe("conflict");
    expect(of("pages/3")).toBe("conflict");
    // Of the last change, too, this browser has what could not be sent.
    const partly = (one: DraftContent) => ({ ...one, answers: {} });
    expect(restoreDraft({ ...server, client_id: "page/4" }, kept, partly).kind).toBe("local");
  });

  it("goes on from here with a drawing that the server did not take, though it holds all the others", () => {
    const note = { uuid: "a", tool: "text", series: 0, frame: 2, points_mm: [], text: "here", values: {} };
    const drawn = { ...content(2), annotations: [note] } as DraftContent;
    const kept = { content: drawn, baseRevision: 2, keptAt: 5, saveId: "page/4" };
    expect(restoreDraft({ ...server, client_id: "page/4" }, kept, all)).toMatchObject({
      kind: "local",
      content: drawn,
    });
  });
});
