import { describe, expect, it } from "vitest";
import { channels, HEAT_COLORS, REGION_COLOR } from "./heat-colors";

/** Lightness (CIE 1976 L*, 0 to 100) of a color written as "#rrggbb". */
function lightness(color: string): number {
  const [r, g, b] = channels(color).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

describe("the colors of a map", () => {
  const colors = [...HEAT_COLORS.values()];

  it("are those of plasma at its ends and its middle", () => {
    // matplotlib 3.8: [to_hex(cm.plasma(v)) for v in (0, 127, 255)] is #0d0887, #cb4679, #f0f921.
    expect([HEAT_COLORS.get(1), HEAT_COLORS.get(255)]).toEqual(["#0d0887", "#f0f921"]);
    const middle = channels(HEAT_COLORS.get(128) as string);
    const published = [0xcb, 0x46, 0x79];
    for (const [place, value] of middle.entries()) {
      expect(Math.abs(value - (published[place] as number))).toBeLessThanOrEqual(3);
    }
    expect(HEAT_COLORS.get(0)).toBeUndefined();
  });

  it("grow lighter from value to value, so that their order is seen without color", () => {
    const steps = colors
      .slice(1)
      .map((color, place) => lightness(color) - lightness(colors[place] as string));
    expect(Math.min(...steps)).toBeGreaterThan(-0.2);
    const tens = [0, 25, 51, 76, 102, 127, 153, 178, 204, 229, 254];
    const lights = tens.map((place) => lightness(colors[place] as string));
    expect(lights).toEqual([...lights].sort((a, b) => a - b));
  });

  it("are never a gray of the image", () => {
    for (const color of [...colors, REGION_COLOR]) {
      const values = channels(color);
      expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(90);
    }
  });
});
