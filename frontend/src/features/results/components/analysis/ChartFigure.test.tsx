import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Chart } from "../../model/charts/chart";
import { ChartFigure } from "./ChartFigure";

const CHART: Chart = {
  key: "roc-curves",
  caption: "ROC curves",
  switches: [],
  hint: "",
  maxWidth: 540,
  hasSide: false,
  height: (width) => width - 16,
  alt: () => "ROC curves of two readers",
  grid: () => ({ header: [], rows: [] }),
  option: () => ({ series: [] }),
};

/** What a browser has, of a window that nothing is scrolled into. */
class FarAway {
  observe() {}
  disconnect() {}
}

function show() {
  window.matchMedia ??= (media) =>
    ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  render(
    <MantineProvider env="test">
      <ChartFigure chart={CHART} notes={[]} printed={null} />
    </MantineProvider>,
  );
}

describe("a figure below the edge of the window", () => {
  beforeEach(() => {
    vi.stubGlobal("IntersectionObserver", FarAway);
    vi.stubGlobal("ResizeObserver", FarAway);
  });
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it("is drawn before the page is printed, within the event", async () => {
    show();
    await import("./ChartView");
    expect(screen.queryByRole("img")).toBeNull();
    window.dispatchEvent(new Event("beforeprint"));
    expect(screen.getByRole("img", { name: "ROC curves of two readers" })).toBeTruthy();
  });

  it("keeps free the height that it will have", () => {
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(336);
    show();
    const place = document.querySelector(".mantine-Skeleton-root")?.getAttribute("style");
    expect(place).toContain("height: calc(20rem ");
  });
});
