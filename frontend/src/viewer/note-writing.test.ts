import { describe, expect, it } from "vitest";
import { NoteWriting } from "./note-writing";

function desk() {
  const kept: [string, string | null][] = [];
  const shown: { uuid: string | null } = { uuid: null };
  const writing = new NoteWriting({
    current: () => shown.uuid,
    show: (uuid) => {
      shown.uuid = uuid;
    },
    finish: (uuid, text) => void kept.push([uuid, text]),
  });
  return { writing, kept, shown };
}

describe("NoteWriting", () => {
  it("keeps the text when another note is begun, and when another pane is in hand", () => {
    const { writing, kept, shown } = desk();
    writing.start("a", 0);
    writing.type("edge");
    writing.start("a", 0);
    writing.enter(0);
    expect(kept).toEqual([]);
    writing.start("b", 1);
    writing.enter(1);
    expect([kept, shown.uuid]).toEqual([[["a", "edge"]], "b"]);
    writing.type("vessel");
    writing.enter(0);
    expect([kept.at(-1), shown.uuid]).toEqual([["b", "vessel"], null]);
  });

  it("keeps what is written so far whatever ends the writing, once", () => {
    const { writing, kept } = desk();
    writing.start("a", 0);
    writing.type("edge");
    writing.keep();
    writing.keep();
    expect(kept).toEqual([["a", "edge"]]);
  });

  it("leaves a text that nobody touched, or that was given up, as it was", () => {
    const { writing, kept } = desk();
    writing.start("a", 0);
    writing.keep();
    writing.start("b", 0);
    writing.type("no");
    writing.end(null);
    writing.start("c", 0);
    writing.keep();
    expect(kept).toEqual([
      ["a", null],
      ["b", null],
      ["c", null],
    ]);
  });
});
