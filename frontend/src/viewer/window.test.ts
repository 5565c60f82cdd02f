import { describe, expect, it } from "vitest";
import { seeded } from "./testing";
import {
  dragWindow,
  formatWindowValue,
  fromRange,
  percentileWindow,
  presetsOf,
  showsWell,
  toRange,
  usableWindow,
  windowPercentiles,
} from "./window";

describe("window and range", () => {
  it("round-trips, widths of 1 and less included", () => {
    for (const window of [
      { center: 504, width: 1000 },
      { center: 0.0011, width: 0.0008 },
      { center: -50, width: 1 },
    ]) {
      const { lower, upper } = toRange(window);
      expect(upper).toBeGreaterThan(lower);
      const back = fromRange({ lower, upper });
      expect(back.center).toBeCloseTo(window.center, 10);
      expect(back.width).toBeCloseTo(window.width, 10);
    }
  });
});

describe("usableWindow", () => {
  it("treats a window without width as absent", () => {
    expect(usableWindow({ center: 100, width: 0 })).toBeNull();
    expect(usableWindow({ center: 100, width: -5 })).toBeNull();
    expect(usableWindow({ center: Number.NaN, width: 10 })).toBeNull();
    expect(usableWindow(null)).toBeNull();
    expect(usableWindow({ center: 0.4, width: 0.84 })).toEqual({ center: 0.4, width: 0.84 });
  });
});

describe("showsWell", () => {
  // 0 to 1000: the hundredth part above 990.
  const values = Array.from({ length: 1001 }, (_, value) => value);
  const shows = (lower: number, upper: number) => showsWell(values, fromRange({ lower, upper }));

  it("takes a window in which the bright end is bright and the dark end dark", () => {
    expect(shows(0, 1000)).toBe(true);
    expect(shows(0, 990 / 0.651)).toBe(true);
    expect(shows(-900, 1000)).toBe(true);
    expect(shows(500, 1000)).toBe(true);
  });

  it("takes none in which all is dark, all is pale, or a tenth is white", () => {
    expect(shows(0, 990 / 0.649)).toBe(false);
    expect(shows(0, 5000)).toBe(false);
    expect(shows(-1000, 1000)).toBe(false);
    expect(shows(0, 901)).toBe(true);
    expect(shows(0, 900)).toBe(false);
  });

  it("takes any for values that do not differ", () => {
    expect(showsWell([5, 5, 5], { center: 0, width: 1 })).toBe(true);
  });
});

describe("percentileWindow", () => {
  it("interpolates as numpy.quantile does", () => {
    // numpy 2.4.6: np.quantile(np.arange(1, 11), [0.05, 0.95]) -> [1.45, 9.55]
    const values = Array.from({ length: 10 }, (_, place) => 10 - place);
    const range = toRange(percentileWindow(values, 0.05, 0.95));
    expect(range.lower).toBeCloseTo(1.45, 12);
    expect(range.upper).toBeCloseTo(9.55, 12);
  });

  it("leaves the given share outside, whatever the order of the values", () => {
    const random = seeded(7);
    const values = Float32Array.from({ length: 20_000 }, () => random() ** 3 * 4000);
    const { lower, upper } = toRange(percentileWindow(values, 0.02, 0.98));
    const outside = values.filter((value) => value < lower || value > upper).length;
    expect(outside / values.length).toBeCloseTo(0.04, 3);
    expect(percentileWindow(values.slice().reverse(), 0.02, 0.98)).toEqual(
      percentileWindow(values, 0.02, 0.98),
    );
  });

  it("has a width even for a flat or nearly flat image", () => {
    expect(percentileWindow([5, 5, 5], 0.01, 0.99)).toEqual({ center: 5, width: 1 });
    const nearlyFlat = [0, ...Array.from({ length: 5000 }, () => 3)];
    expect(toRange(percentileWindow(nearlyFlat, 0.01, 0.99))).toEqual({ lower: 0, upper: 3 });
  });
});

describe("windowPercentiles", () => {
  it("finds the percentiles that a window was made of", () => {
    const random = seeded(11);
    const values = Float32Array.from({ length: 5000 }, () => random() ** 2 * 900 - 50);
    for (const [low, high] of [
      [1, 99],
      [12.5, 80],
      [0, 100],
    ] as const) {
      expect(windowPercentiles(values, percentileWindow(values, low / 100, high / 100))).toEqual({
        low,
        high,
      });
    }
  });

  it("means the darkest value by one of a dark background, and the brightest by one beyond", () => {
    const values = [0, 0, 0, 0, 10, 20, 30, 40];
    expect(windowPercentiles(values, fromRange({ lower: 0, upper: 100 }))).toEqual({ low: 0, high: 100 });
    expect(windowPercentiles(values, fromRange({ lower: -50, upper: 30 }))).toEqual({ low: 0, high: 85.7 });
  });

  it("is nothing where the window lies between two values, or there is one value alone", () => {
    expect(windowPercentiles([0, 10, 20], fromRange({ lower: 21, upper: 30 }))).toBeNull();
    expect(windowPercentiles([0, 10, 20], fromRange({ lower: 10, upper: 10.001 }))).toBeNull();
  });
});

describe("presetsOf", () => {
  it("has windows in Hounsfield units for CT, and percentiles for the others", () => {
    // OHIF's: width / center 400/40, 1500/-600, 150/90, 2500/480, 80/40.
    const windows = presetsOf("CT").map((one) => ("width" in one ? [one.width, one.center] : null));
    expect(windows).toEqual([[400, 40], [1500, -600], [150, 90], [2500, 480], [80, 40], null]);
    for (const role of ["CT", "T2W"]) expect(presetsOf(role).at(-1)).toMatchObject({ isSent: true });
    for (const role of ["T2W", "OTHER", undefined]) {
      expect(presetsOf(role).map(({ key }) => key)).toEqual(["1", "2", "3", "4", "5", "0"]);
      const percentiles = presetsOf(role).slice(0, -1);
      expect(percentiles.every((one) => "low" in one && one.low < one.high)).toBe(true);
    }
  });
});

describe("dragWindow", () => {
  const start = { center: 0.001, width: 0.002 };

  it("moves in proportion to the image's range", () => {
    const moved = dragWindow(start, 350, 70, 0.002);
    expect(moved.width).toBeCloseTo(0.003, 10);
    expect(moved.center).toBeCloseTo(0.0012, 10);
  });

  it("never closes or inverts the window", () => {
    expect(dragWindow(start, -10_000, 0, 0.002).width).toBeGreaterThan(0);
  });
});

describe("formatWindowValue", () => {
  it("shows as many decimals as the width makes meaningful", () => {
    expect(formatWindowValue(504.4, 1000)).toBe("504");
    expect(formatWindowValue(12.345, 20)).toBe("12.3");
    expect(formatWindowValue(0.00123, 0.002)).toBe("0.00123");
    expect(formatWindowValue(-0.2, 400)).toBe("0");
  });
});
