import { describe, expect, it } from "vitest";
import { commonKind } from "./value-kinds";

describe("commonKind", () => {
  it.each([
    [["Uint8Array", "Uint8Array"], "Uint8Array"],
    [["Uint8Array", "Uint16Array"], "Uint16Array"],
    [["Uint8Array", "Int16Array", "Uint8Array"], "Int16Array"],
    [["Int8Array", "Uint8Array"], "Int16Array"],
    [["Int8Array", "Uint16Array"], "Float32Array"],
    [["Int16Array", "Uint16Array"], "Float32Array"],
    [["Uint8Array", "Float32Array"], "Float32Array"],
    [["Uint8Array", "Int32Array"], "Float32Array"],
  ])("holds the values of %j in %s", (kinds, kind) => {
    expect(commonKind(kinds)).toBe(kind);
  });
});
