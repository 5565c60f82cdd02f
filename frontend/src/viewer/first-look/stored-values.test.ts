import { describe, expect, it } from "vitest";
import { storedSlice } from "./stored-values";

const RAW = "1.2.840.10008.1.2.1";

function metadata(change: Record<string, unknown> = {}) {
  const tags = {
    "00280010": 2,
    "00280011": 2,
    "00280100": 16,
    "00280103": 0,
    "00280002": 1,
    "00083002": RAW,
    "00080060": "MR",
    ...change,
  };
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [tag, { vr: "US", Value: [value] }]));
}

const frame = (values: number[], Kind: typeof Uint16Array | typeof Int16Array = Uint16Array) =>
  Kind.from(values).buffer as ArrayBuffer;

describe("storedSlice", () => {
  it("has the values of the image, signed or not", async () => {
    const shape = { rows: 2, columns: 2 };
    expect(await storedSlice(frame([1, 2, 3, 65535]), metadata())).toEqual({
      ...shape,
      values: Uint16Array.from([1, 2, 3, 65535]),
    });
    const signed = await storedSlice(frame([-1, 2, 3, 4], Int16Array), metadata({ "00280103": 1 }));
    expect(signed?.values).toEqual(Int16Array.from([-1, 2, 3, 4]));
  });

  it("rescales them", async () => {
    const told = metadata({ "00281053": 0.5, "00281052": -10 });
    expect((await storedSlice(frame([0, 20, 21, 40]), told))?.values).toEqual(
      Float32Array.from([-10, 0, 0.5, 10]),
    );
  });

  it.each([
    ["a frame that is too short", { "00280010": 3 }],
    ["colors", { "00280002": 3 }],
    ["uptake that is more than rescaled", { "00080060": "PT" }],
    ["another way to pack", { "00083002": "1.2.840.10008.1.2.4.90" }],
  ])("leaves %s to the viewer", async (_, change) => {
    expect(await storedSlice(frame([1, 2, 3, 4]), metadata(change))).toBeNull();
  });
});
