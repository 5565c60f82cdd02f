import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ModelOverlays } from "../../../viewer/model-overlays";
import type { Aid, AidOverlay } from "../api/get-aid";
import { aid } from "../testing/aid";
import { renderInApp } from "../testing/render";
import { OverlaySection } from "./OverlaySection";

const region: AidOverlay = {
  name: "region",
  kind: "mask",
  title: "Region measured",
  note: "The index node as it was given to the model.",
  method: "region-as-given/1",
  low: "",
  high: "",
  series: 0,
  shape: [3, 1, 2],
};
const influence: AidOverlay = {
  ...region,
  name: "influence",
  kind: "heat",
  title: "Influence on the score",
  note: "The region is cut into 27 parts.",
  method: "leave-one-part-out/1",
  low: "no change",
  high: "0.13 up or down",
};
const shown: Aid = { ...aid, overlays: [region, influence] };
// Python 3.11: gzip.compress(bytes([0, 0, 0, 1, 1, 1]), mtime=0)
const PACKED = Uint8Array.from(atob("H4sIAAAAAAACA2NgYGBkZAQAQ8oc3gYAAAA="), (character) =>
  character.charCodeAt(0),
);

const asked: { path: string; signal: AbortSignal | null | undefined }[] = [];
let answer: (path: string) => Response;

beforeEach(() => {
  asked.length = 0;
  answer = () => new Response(PACKED);
  vi.stubGlobal("fetch", async (path: string, { signal }: RequestInit) => {
    asked.push({ path, signal });
    return answer(path);
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function render(one: Aid = shown, { hasMeanings = true } = {}) {
  const overlays = new ModelOverlays();
  const onShowSlice = vi.fn();
  const rendered = renderInApp(
    <OverlaySection
      readId="r1"
      aid={one}
      overlays={overlays}
      hasMeanings={hasMeanings}
      onShowSlice={onShowSlice}
    />,
  );
  return { overlays, onShowSlice, ...rendered };
}

const row = (name: string) => document.querySelector<HTMLElement>(`[data-overlay=${name}]`) as HTMLElement;
const ready = () =>
  waitFor(() => {
    for (const name of ["region", "influence"]) expect(row(name).dataset.state).toBe("ready");
  });

describe("OverlaySection", () => {
  it("asks for the voxels of each once, and takes them as they are", async () => {
    const { overlays } = render();
    await ready();
    expect(asked.map(({ path }) => path)).toEqual([
      "/api/reader/reads/r1/aid/overlays/region",
      "/api/reader/reads/r1/aid/overlays/influence",
    ]);
    const [first] = overlays.snapshot().overlays;
    expect([...(first?.voxels ?? [])]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it("has a switch and one slider for each, and the ways to draw a region", async () => {
    const { overlays } = render();
    await ready();
    expect(screen.getByRole("switch", { name: "Region measured" })).toHaveProperty("checked", true);
    const heat = screen.getByRole("switch", { name: "Influence on the score" });
    expect(heat).toHaveProperty("checked", false);
    expect(screen.queryByRole("slider", { name: "Opacity: Influence on the score" })).toBeNull();
    await userEvent.click(heat);
    fireEvent.change(screen.getByRole("slider", { name: "Opacity: Influence on the score" }), {
      target: { value: "35" },
    });
    await userEvent.click(screen.getByRole("checkbox", { name: "Fill: Region measured" }));
    const [mask, map] = overlays.snapshot().overlays;
    expect(mask?.look).toEqual({ isShown: true, opacity: 1, isFilled: true });
    expect(map?.look).toEqual({ isShown: true, opacity: 0.35, isFilled: true });
    expect(within(row("influence")).getByText("35 %")).toBeTruthy();
  });

  it("says in words what the colors and the overlays mean", async () => {
    render();
    await ready();
    await userEvent.click(screen.getByRole("switch", { name: "Influence on the score" }));
    expect(screen.getByRole("img", { name: "Colors from no change to 0.13 up or down" })).toBeTruthy();
    for (const words of [/The region is cut into 27 parts/, /leave-one-part-out\/1/]) {
      expect(screen.getByText(words)).toBeTruthy();
    }
    cleanup();
    render(shown, { hasMeanings: false });
    await ready();
    expect(screen.queryByText(/The region is cut into 27 parts/)).toBeNull();
  });

  it("goes to the slice with most of it", async () => {
    const { onShowSlice } = render();
    await ready();
    await userEvent.click(screen.getByRole("button", { name: /most of it: Region measured/ }));
    expect(onShowSlice).toHaveBeenCalledWith(0, 3);
  });

  it("shows with its switches that all are hidden", async () => {
    const { overlays } = render();
    await ready();
    overlays.toggleAll();
    await screen.findByText(/All hidden/);
    const region = screen.getByRole("switch", { name: "Region measured" });
    expect(region).toHaveProperty("checked", false);
    await userEvent.click(region);
    expect(region).toHaveProperty("checked", true);
    expect(overlays.snapshot().areHidden).toBe(false);
  });

  it("tells what could not be loaded, and tries again", async () => {
    answer = (path) => (path.endsWith("region") ? new Response(PACKED) : new Response("{}", { status: 500 }));
    render();
    await waitFor(() => expect(row("influence").dataset.state).toBe("failed"));
    answer = () => new Response(PACKED);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await ready();
    expect(asked).toHaveLength(3);
  });

  it("does not show voxels of another size", async () => {
    answer = () => new Response(PACKED);
    render({ ...aid, overlays: [{ ...region, shape: [3, 2, 2] }] });
    await waitFor(() => expect(row("region").dataset.state).toBe("failed"));
  });

  it("forgets everything when it goes, and what is still under way", async () => {
    const { overlays, unmount } = render();
    await ready();
    unmount();
    expect(overlays.snapshot().overlays).toEqual([]);
    expect(asked.every(({ signal }) => signal?.aborted)).toBe(true);
  });

  it("marks a model that was not trained on patients", () => {
    render({ ...shown, model: { ...aid.model, weights_status: "untrained-demo" } });
    expect(screen.getByText("Demonstration")).toBeTruthy();
  });

  it("says plainly that an output has no overlay, and asks for nothing", () => {
    render({ ...aid, overlays: [] });
    expect(screen.getByText("This output shows nothing on the images.")).toBeTruthy();
    expect(asked).toEqual([]);
  });
});
