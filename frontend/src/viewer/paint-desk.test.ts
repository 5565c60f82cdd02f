import { describe, expect, it, vi } from "vitest";
import type { SliceGeometry } from "./geometry";
import { INITIAL_PAINT } from "./initial-state";
import { PaintDesk } from "./paint-desk";
import { PaintLayer } from "./paint-layer";
import { grow } from "./segmentation/grow";
import { GrowClient, type GrowPort } from "./segmentation/grow-client";
import type { GrowAnswer } from "./segmentation/grow-worker";
import { packed, unpacked } from "./segmentation/labelmap-codec";
import type { SeriesStore } from "./series-store";
import type { PaintState, PaintTool, StoredLabelmap } from "./types";

const SHAPE = [9, 64, 64] as const;
const SPACING_MM = 0.6;
const STEP_MM = 3;
const MIDDLE = { slice: 4, row: 30, column: 34 };

/** A dark ball of 5 mm radius in something bright, with a little grain. */
function sliceValues(slice: number): Int16Array {
  const values = new Int16Array(64 * 64);
  for (let pixel = 0; pixel < values.length; pixel++) {
    const [row, column] = [Math.floor(pixel / 64), pixel % 64];
    const mm = Math.hypot(
      (slice - MIDDLE.slice) * STEP_MM,
      (row - MIDDLE.row) * SPACING_MM,
      (column - MIDDLE.column) * SPACING_MM,
    );
    values[pixel] = (mm <= 5 ? 300 : 600) + ((pixel * 7 + slice * 3) % 5);
  }
  return values;
}

const geometry = (frame: number): SliceGeometry => ({
  origin: [0, 0, (frame - 1) * STEP_MM],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  rowSpacingMm: SPACING_MM,
  columnSpacingMm: SPACING_MM,
  rows: 64,
  columns: 64,
  frameOfReferenceUid: "2.25.1",
});

const store = {
  info: (index: number) => ({ index, title: `Series ${index}`, slices: SHAPE[0], sliceStepMm: STEP_MM }),
  imageIdAt: (series: number, frame: number) => `${series}/${frame}`,
  place: (imageId: string | undefined) => ({ geometry: geometry(Number(imageId?.split("/")[1])) }),
  valuesAt: (_: number, frame: number) => sliceValues(frame - 1),
} as unknown as SeriesStore;

/** The worker's own answer, a moment later. */
function growPort(): GrowPort {
  const port: GrowPort = {
    onmessage: null,
    onerror: null,
    terminate: () => undefined,
    postMessage: ({ id, box, seed, parameters }) => {
      const data: GrowAnswer = { id, result: grow(box, seed, parameters) };
      queueMicrotask(() => port.onmessage?.({ data } as MessageEvent<GrowAnswer>));
    },
  };
  return port;
}

function room(initial: readonly StoredLabelmap[] = []) {
  const told = {
    hint: null as string | null,
    paint: INITIAL_PAINT as PaintState,
    kept: null as readonly StoredLabelmap[] | null,
    isUnkept: false,
    unreadable: [] as string[],
  };
  const hand: { tool: PaintTool | null; question: string } = { tool: "grow", question: "nodes" };
  const steps: ((isUndo: boolean) => void)[] = [];
  const undone: ((isUndo: boolean) => void)[] = [];
  const remember = (restore: (isUndo: boolean) => void) => void steps.push(restore);
  const undo = () => {
    const step = steps.pop();
    step?.(true);
    if (step) undone.push(step);
  };
  const redo = () => {
    const step = undone.pop();
    step?.(false);
    if (step) steps.push(step);
  };
  const layer = new PaintLayer({
    store,
    initial,
    remember,
    onChange: () => undefined,
    onLabelmaps: (labelmaps) => {
      told.kept = labelmaps;
    },
    onUnreadable: (title) => void told.unreadable.push(title),
    onUnkept: (isUnkept) => {
      told.isUnkept = isUnkept;
    },
  });
  const desk = new PaintDesk({
    layer,
    store,
    remember,
    undo,
    tool: () => hand.tool,
    question: () => hand.question,
    state: () => told.paint,
    onState: (change) => {
      told.paint = { ...told.paint, ...change };
    },
    onHint: (hint) => {
      told.hint = hint;
    },
    growing: new GrowClient(growPort),
  });
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const click = async (slice: number, row: number, column: number, series = 0) => {
    desk.begin([column * SPACING_MM, row * SPACING_MM, slice * STEP_MM], { series, frame: slice + 1 });
    desk.end();
    await settled();
  };
  const voxels = (series = 0) =>
    layer.peek(series)?.labels.reduce((sum, label) => sum + Number(label > 0), 0) ?? 0;
  const kept = async () => {
    await layer.settle();
    return told.kept;
  };
  return { told, hand, steps, undo, redo, layer, desk, click, settled, voxels, kept };
}

const onNode = [MIDDLE.slice, MIDDLE.row, MIDDLE.column] as const;

describe("PaintDesk", () => {
  it("grows a node from a click, more and less of it, as one step", async () => {
    const { told, steps, undo, redo, layer, desk, click, settled, voxels } = room();
    await click(...onNode);
    const grown = voxels();
    expect(grown).toBeGreaterThan(200);
    expect(told.paint).toMatchObject({ strength: 0, isGrowing: false, active: "0/1" });
    const first = layer.peek(0)?.labels.slice();
    desk.setStrength(6);
    await settled();
    const more = voxels();
    expect(more).toBeGreaterThanOrEqual(grown);
    desk.setStrength(0);
    await settled();
    expect(layer.peek(0)?.labels).toEqual(first);
    expect(steps).toHaveLength(1);
    const [segment] = layer.peek(0)?.segments ?? [];
    expect(segment?.origin).toMatchObject([
      { tool: "grow", version: "grow-1", seed_ijk: [34, 30, 4], parameters: { strength: 0, box_mm: 30 } },
    ]);
    expect(segment?.edited_voxels).toBe(0);
    undo();
    expect([voxels(), layer.segments]).toEqual([0, []]);
    expect(told.paint.strength).toBeNull();
    redo();
    expect(layer.peek(0)?.labels).toEqual(first);
  });

  it("is pulled by the press that it grows from, as one step, and no longer once that is over", async () => {
    const { told, steps, layer, desk, settled } = room();
    const [slice, row, column] = onNode;
    desk.begin([column * SPACING_MM, row * SPACING_MM, slice * STEP_MM], { series: 0, frame: slice + 1 });
    await settled();
    const strength = () => layer.peek(0)?.segments[0]?.origin[0]?.parameters.strength;
    expect(strength()).toBe(0);
    desk.pull(6);
    await settled();
    expect([told.paint.strength, strength()]).toEqual([6, 6]);
    desk.end();
    desk.pull(-6);
    await settled();
    expect([told.paint.strength, strength(), steps.length]).toEqual([6, 6, 1]);
  });

  it("takes a region back with Escape while it can still be changed, and not once it is kept", async () => {
    const { desk, click, voxels } = room();
    await click(...onNode);
    expect([desk.cancel(), voxels()]).toEqual([true, 0]);
    await click(...onNode);
    expect(desk.keep()).toBe(true);
    expect(desk.cancel()).toBe(false);
    expect(voxels()).toBeGreaterThan(0);
  });

  it("says why nothing was grown, and leaves no step", async () => {
    const { told, steps, click, voxels } = room();
    await click(4, 4, 60);
    expect(told.hint).toMatch(/Nothing around the click differs|even here|ran into/);
    expect([voxels(), steps.length]).toEqual([0, 0]);
  });

  it("takes a segment in hand when it is clicked again", async () => {
    const { told, desk, click, layer } = room();
    await click(...onNode);
    desk.choose(null);
    await click(...onNode);
    expect(told.paint.active).toBe("0/1");
    expect(layer.segments).toHaveLength(1);
  });

  it("records strokes and the voxels that they changed, and drops a segment of which nothing is left", async () => {
    const { hand, desk, click, layer, voxels, undo } = room();
    hand.tool = "brush";
    await click(2, 10, 10);
    const painted = voxels();
    await click(2, 10, 11);
    const [segment] = layer.peek(0)?.segments ?? [];
    expect(segment?.origin).toEqual([
      { tool: "brush", version: "brush-1", seed_ijk: null, parameters: { radius_mm: 3, strokes: 2 } },
    ]);
    expect(segment?.edited_voxels).toBe(voxels());
    hand.tool = "eraser";
    desk.setBrush(20);
    await click(2, 10, 10);
    expect([voxels(), layer.segments]).toEqual([0, []]);
    undo();
    undo();
    expect(voxels()).toBe(painted);
  });

  it("lets a mask lie in one series", async () => {
    const { told, hand, click, voxels } = room();
    hand.tool = "brush";
    await click(2, 10, 10, 0);
    await click(2, 10, 10, 1);
    expect(told.hint).toBe("This mask lies on Series 0. A mask lies on one series.");
    expect(voxels(1)).toBe(0);
    hand.question = "tumor";
    await click(2, 10, 10, 1);
    expect(voxels(1)).toBeGreaterThan(0);
  });

  it("paints with the threshold brush what has the values under its first click", async () => {
    const { told, hand, click, layer } = room();
    hand.tool = "threshold";
    await click(4, 30, 34);
    const range = told.paint.range;
    expect(range?.low).toBeGreaterThan(290);
    expect(range?.high).toBeLessThan(310);
    await click(4, 30, 42);
    const labels = layer.peek(0)?.labels.subarray(4 * 4096, 5 * 4096) ?? new Uint8Array();
    const values = sliceValues(4);
    expect([...labels].every((label, pixel) => label === 0 || (values[pixel] as number) < 310)).toBe(true);
  });

  it("hands over what is kept, once for many strokes, and reads it back to the bit", async () => {
    const { hand, desk, click, layer, kept } = room();
    await click(...onNode);
    desk.name("0/1", { label: "left_obturator", status: "positive" });
    hand.tool = "brush";
    desk.choose(null);
    await click(1, 50, 50);
    const labels = layer.peek(0)?.labels.slice() ?? new Uint8Array();
    const [labelmap] = (await kept()) ?? [];
    if (!labelmap) throw new Error("Nothing was kept.");
    expect(labelmap.shape).toEqual([...SHAPE]);
    expect(labelmap.segments.map(({ value, label }) => [value, label])).toEqual([
      [1, "left_obturator"],
      [2, null],
    ]);
    expect(await unpacked(labelmap.data, labels.length)).toEqual(labels);

    const again = room([labelmap]);
    expect(again.layer.segments).toBeUndefined();
    again.layer.restore();
    await expect.poll(() => again.layer.segments?.length).toBe(2);
    expect(again.layer.peek(0)?.labels).toEqual(labels);
    expect(again.layer.segments).toEqual(
      layer.segments?.map((one) => ({ ...one, painted: { ...one.painted, isActive: false } })),
    );
  });

  it("hands over every stroke that stands while the next is under way, and that one when it stands", async () => {
    const { hand, desk, layer, told, click, kept } = room();
    hand.tool = "brush";
    desk.begin([6, 6, 6], { series: 0, frame: 3 });
    expect([await kept(), told.isUnkept]).toEqual([null, false]);
    desk.end();
    expect(told.isUnkept).toBe(true);
    const first = layer.peek(0)?.labels.slice() ?? new Uint8Array();
    desk.begin([24, 24, 6], { series: 0, frame: 3 });
    desk.move([30, 24, 6]);
    expect(layer.peek(0)?.labels).not.toEqual(first);
    const [labelmap] = (await kept()) ?? [];
    expect(await unpacked(labelmap?.data ?? "", first.length)).toEqual(first);
    expect(told.isUnkept).toBe(false);
    desk.end();
    const both = layer.peek(0)?.labels.slice() ?? new Uint8Array();
    const packing = layer.settle();
    // Painted on while it is packed.
    await click(5, 50, 50);
    await packing;
    const [last] = told.kept ?? [];
    expect(await unpacked(last?.data ?? "", both.length)).toEqual(layer.peek(0)?.labels);
    expect(told.isUnkept).toBe(false);
  });

  it("puts nothing off for a hand that begins the next stroke at once", async () => {
    const { hand, desk, click, told } = room();
    hand.tool = "brush";
    vi.useFakeTimers();
    try {
      await click(2, 10, 10);
      vi.advanceTimersByTime(140);
      await click(2, 10, 20);
      desk.begin([6, 24, 6], { series: 0, frame: 3 });
      vi.advanceTimersByTime(10);
    } finally {
      vi.useRealTimers();
    }
    await expect.poll(() => told.kept?.length).toBe(1);
    expect(told.isUnkept).toBe(false);
  });

  it("hands over what stands when the page is left in the middle of a stroke", async () => {
    const { hand, desk, layer, click, told } = room();
    hand.tool = "brush";
    await click(2, 10, 10);
    const first = layer.peek(0)?.labels.slice() ?? new Uint8Array();
    desk.begin([24, 24, 6], { series: 0, frame: 3 });
    desk.dispose();
    layer.dispose();
    await expect.poll(() => told.isUnkept).toBe(false);
    expect(await unpacked(told.kept?.[0]?.data ?? "", first.length)).toEqual(first);
  });

  it("says that something is not kept when it cannot be packed, and hands it over the next time", async () => {
    const { hand, click, told, kept } = room();
    hand.tool = "brush";
    vi.stubGlobal("CompressionStream", undefined);
    try {
      await click(2, 10, 10);
      await expect(kept()).rejects.toThrow(TypeError);
      expect([told.isUnkept, told.kept]).toEqual([true, null]);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(await kept()).toHaveLength(1);
    expect(told.isUnkept).toBe(false);
  });

  it("keeps what it cannot read as it is, says so, and goes on with the other series", async () => {
    const named = { value: 1, question: "nodes", label: "left", status: null, origin: [], edited_voxels: 3 };
    const broken: StoredLabelmap = {
      series: 0,
      segments: [named],
      shape: [...SHAPE],
      data: await packed(new Uint8Array(3)),
    };
    const { told, hand, layer, click, kept } = room([broken]);
    layer.restore();
    await expect.poll(() => told.unreadable).toEqual(["Series 0"]);
    expect(layer.segments).toMatchObject([{ question: "nodes", label: "left", slices: [] }]);
    hand.tool = "brush";
    await click(2, 10, 10);
    expect(told.hint).toBe("What was painted on this series before has not been read.");
    hand.question = "tumor";
    await click(2, 10, 10, 1);
    expect(layer.segments?.map(({ question }) => question)).toEqual(["tumor", "nodes"]);
    expect((await kept())?.[0]).toBe(broken);
    expect(told.kept).toHaveLength(2);
  });

  it("measures and tells of each segment", async () => {
    const { layer, click } = room();
    layer.setTargets([
      { question: "nodes", label: "Nodes", tool: "paint", role: null, most: null, cutOffMm: 10 },
    ]);
    await click(...onNode);
    const [segment] = layer.segments ?? [];
    expect(segment?.short_axis_mm).toBeCloseTo(10, 0);
    expect(segment?.slices).toEqual(expect.arrayContaining([4, 5, 6]));
    expect(segment?.painted).toMatchObject({ frame: 5, isBorderline: true, isVisible: true });
  });
});
