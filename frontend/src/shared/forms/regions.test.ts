import { describe, expect, it } from "vitest";
import { bySide } from "./regions";

describe("bySide", () => {
  it("pairs right and left of each region", () => {
    const options = ["right_obturator", "left_obturator", "right_external_iliac", "left_external_iliac"].map(
      (value) => ({ value, label: value.replace("right_", "Right ").replace("left_", "Left ") }),
    );
    const regions = bySide(options);
    expect(regions?.map(({ region, right, left }) => [region, right.value, left.value])).toEqual([
      ["Obturator", "right_obturator", "left_obturator"],
      ["External_iliac", "right_external_iliac", "left_external_iliac"],
    ]);
  });

  it("is null for options that do not come in pairs", () => {
    expect(bySide([{ value: "right_a", label: "Right a" }])).toBeNull();
    expect(bySide([{ value: "midline", label: "Midline" }])).toBeNull();
  });
});
