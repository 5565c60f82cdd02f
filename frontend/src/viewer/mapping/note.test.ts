import { describe, expect, it } from "vitest";
import { fromPlane } from "../geometry";
import { anySlice, seeded } from "../testing";
import type { AnnotationKind, Vec3 } from "../types";
import type { SlicePlace } from "./annotation";
import { toAnnotation, toNote } from "./note";

const COUNTS: Readonly<Record<AnnotationKind, number>> = {
  length: 2,
  angle: 3,
  ellipse: 4,
  freehand: 12,
  arrow: 2,
  text: 1,
};

describe("note mapping", () => {
  it("gives back the same annotation after a trip through the viewer, with its values", () => {
    const random = seeded(8);
    for (const [tool, count] of Object.entries(COUNTS) as [AnnotationKind, number][]) {
      for (let round = 0; round < 40; round++) {
        const geometry = { ...anySlice(random), rows: 60, columns: 60 };
        const place: SlicePlace = { series: 1, frame: 3, sopUid: "2.25.3", geometry };
        const values = Float32Array.from({ length: 3600 }, () => 1000 * random());
        const image = { values, rows: 60, columns: 60 };
        const points = Array.from({ length: count }, (): Vec3 => {
          return fromPlane([random() * 30, random() * 30], geometry);
        });
        const label = tool === "text" || tool === "arrow" ? " a node " : "";
        const drawn = { annotationUID: "n", data: { handles: { points }, label } };
        const first = toNote(tool, drawn, place, image);
        if (!first) throw new Error("It is complete.");
        const kept = toAnnotation(first, { imageId: "wadors:x", geometry, toolName: tool });
        expect(toNote(tool, kept, place, image)).toEqual(first);
        expect(first.text).toBe(label === "" ? null : "a node");
        // Its slice is not loaded: the values are those that are known, until it moves.
        expect(toNote(tool, kept, place, null, first)).toEqual(first);
      }
    }
  });

  it("is nothing while it is drawn, while points are missing, without a length, or without its text", () => {
    const geometry = anySlice(seeded(1));
    const place: SlicePlace = { series: 0, frame: 1, sopUid: "2.25.3", geometry };
    const [a, b] = [fromPlane([5, 5], geometry), fromPlane([9, 9], geometry)];
    const of = (tool: AnnotationKind, points: Vec3[], more = {}) =>
      toNote(tool, { annotationUID: "n", data: { handles: { points }, ...more } }, place, null);
    expect(of("length", [a, b])).not.toBeNull();
    expect(of("length", [a, b], { isUnfinished: true })).toBeNull();
    expect(of("length", [a])).toBeNull();
    expect(of("length", [a, a])).toBeNull();
    expect(of("text", [a], { label: "  " })).toBeNull();
    expect(of("text", [a], { label: "here" })?.text).toBe("here");
  });

  it("has no values of a region that moved before its slice came", () => {
    const geometry = anySlice(seeded(2));
    const place: SlicePlace = { series: 0, frame: 1, sopUid: "2.25.3", geometry };
    const at = (x: number) =>
      [
        [x, 5],
        [x + 4, 5],
        [x + 4, 9],
      ].map(([u, v]) => fromPlane([u ?? 0, v ?? 0], geometry));
    const drawn = (x: number) => ({ annotationUID: "n", data: { handles: { points: at(x) } } });
    const image = { values: new Float32Array(320 * 320).fill(7), rows: 320, columns: 320 };
    const known = toNote("freehand", drawn(5), place, image) ?? undefined;
    expect(known?.values.mean).toBe(7);
    expect(toNote("freehand", drawn(6), place, null, known)?.values).toEqual({});
  });
});
