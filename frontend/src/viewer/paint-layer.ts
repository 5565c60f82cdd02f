import type { Segment } from "../shared/forms/drawn";
import type { SliceGeometry } from "./geometry";
import { labelsOn } from "./label-slices";
import type { Shape } from "./segmentation/box";
import { isBorderline, type MaskAxes, measureMask, segmentVoxels, volumeMl } from "./segmentation/calliper";
import { drawnSlices } from "./segmentation/edit";
import { packed, unpacked } from "./segmentation/labelmap-codec";
import { type PaintChange, type PaintedSegment, Painting, type Stroke } from "./segmentation/painting";
import type { SeriesStore } from "./series-store";
import type { DrawingTarget, StoredLabelmap } from "./types";

const SAVED_AFTER_MS = 150;
/** After what was painted could not be packed. */
const TRIED_AGAIN_AFTER_MS = 5_000;

/** A series whose slices are alike, as far as painting asks. */
export interface PaintGrid {
  shape: Shape;
  rowMm: number;
  columnMm: number;
  stepMm: number | null;
}

/** A segment by its series and value, as one text. */
export type SegmentId = string;
export const segmentId = (series: number, value: number): SegmentId => `${series}/${value}`;

export function partsOf(id: SegmentId): { series: number; value: number } {
  const [series = Number.NaN, value = Number.NaN] = id.split("/").map(Number);
  return { series, value };
}

interface Measured {
  slices: number[];
  axes: MaskAxes | null;
  volumeMl: number | null;
}

interface LayerOptions {
  store: SeriesStore;
  initial: readonly StoredLabelmap[];
  /** Something that was painted is to be seen, told of and kept otherwise. */
  onChange: () => void;
  onLabelmaps: (labelmaps: readonly StoredLabelmap[]) => void;
  /** Something painted has not been handed over yet, or no longer: until then it lies in this page alone. */
  onUnkept: (isUnkept: boolean) => void;
  /** What was kept of a series cannot be read; `title` names the series. */
  onUnreadable: (title: string) => void;
  /** A step stands that can be taken back, and made again. */
  remember: (restore: (isUndo: boolean) => void) => void;
}

/** What is painted on the series of a case, what waits for its series, and how it is told and kept. */
export class PaintLayer {
  private readonly options: LayerOptions;
  private readonly paintings = new Map<number, Painting>();
  private readonly waiting = new Map<number, StoredLabelmap>();
  private readonly unpacking = new Set<number>();
  /** What is kept of series and cannot be read: it stays as it is. */
  private readonly unreadable = new Map<number, StoredLabelmap>();
  /** What is kept of each series; those that were painted on since are missing. */
  private readonly kept = new Map<number, StoredLabelmap>();
  private readonly measured = new Map<SegmentId, Measured>();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | null = null;
  private isUnsaved = false;
  private isToldUnkept = false;
  /** Series painted on since the packing under way began. */
  private readonly touched = new Set<number>();
  /** The stroke under way: its voxels are not those of any segment yet. */
  private held: { series: number; stroke: Stroke } | null = null;
  private isDisposed = false;
  private hidden: ReadonlySet<SegmentId> = new Set();
  private cutOffs = new Map<string, number>();
  /** Questions whose segments are in sight; null: those of all. */
  private shown: readonly string[] | null = null;
  active: SegmentId | null = null;
  /** Counts the changes of what is to be seen. */
  version = 0;

  constructor(options: LayerOptions) {
    this.options = options;
    for (const one of options.initial) this.waiting.set(one.series, one);
    // A page that is left has no time to wait.
    globalThis.addEventListener?.("visibilitychange", this.settleNow);
  }

  /** Whether something kept waits for its series. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** The grid of a series, once it is known; a text says why nothing can be painted on it. */
  grid(series: number): PaintGrid | string | null {
    const { store } = this.options;
    const slices = store.info(series)?.slices ?? 0;
    const geometries = Array.from({ length: slices }, (_, slice) => {
      return store.place(store.imageIdAt(series, slice + 1))?.geometry;
    });
    const [first] = geometries;
    if (first === undefined) return null;
    if (first === null) return NO_SPACING;
    const { rows, columns, rowSpacingMm: rowMm, columnSpacingMm: columnMm } = first;
    const isAlike = geometries.every((one) => one?.rows === rows && one.columns === columns);
    if (!isAlike) return NOT_ALIKE;
    return {
      shape: [slices, rows, columns],
      rowMm,
      columnMm,
      stepMm: store.info(series)?.sliceStepMm ?? null,
    };
  }

  /** The labelmap of a series, empty where nothing was painted; null where nothing can be, or not yet. */
  painting(series: number): Painting | null {
    const known = this.paintings.get(series);
    const grid = this.grid(series);
    if (known || this.waiting.has(series) || this.unreadable.has(series)) return known ?? null;
    if (grid === null || typeof grid === "string") return null;
    const made = new Painting(grid.shape);
    this.paintings.set(series, made);
    return made;
  }

  /** What was painted on a series; null while there is nothing. */
  peek(series: number): Painting | null {
    return this.paintings.get(series) ?? null;
  }

  /** The labels of an acquired slice, from 1, or of a plane across the series; null where nothing is painted. */
  labelsOn(series: number, place: number | SliceGeometry): Uint8Array | null {
    const painting = this.peek(series);
    if (!painting) return null;
    return labelsOn(this.options.store, series, painting, place);
  }

  /** The series that a question was painted on. */
  seriesOf(question: string): number | null {
    const isOf = ({ segments }: { segments: readonly PaintedSegment[] }) =>
      segments.some((one) => one.question === question);
    const found = [...this.paintings, ...this.waiting, ...this.unreadable].find(([, one]) => isOf(one));
    return found ? found[0] : null;
  }

  /** Unpack the kept labelmaps of the series prepared so far. */
  restore(): void {
    for (const [series, stored] of this.waiting) {
      const grid = this.grid(series);
      if (grid === null || typeof grid === "string" || this.unpacking.has(series)) continue;
      this.unpacking.add(series);
      void this.unpack(series, stored, grid.shape);
    }
  }

  /** Make a change that stands from now on, and can be taken back. */
  commit(series: number, change: PaintChange): void {
    this.make(series, change, "apply");
    this.options.remember((isUndo) => this.make(series, change, isUndo ? "revert" : "apply"));
  }

  /** Apply a change, or take it back, without a step of its own. */
  make(series: number, change: PaintChange, how: "apply" | "revert"): void {
    this.paintings.get(series)?.[how](change);
    this.noteChange(series, changedValues(change));
  }

  /** Show what a stroke under way has painted. */
  show(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }

  /** A stroke is under way, or none any more: what is packed meanwhile is without it. */
  hold(held: { series: number; stroke: Stroke } | null): void {
    this.held = held;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  setTargets(targets: readonly DrawingTarget[] | null): void {
    const painted = (targets ?? []).filter(({ tool }) => tool === "paint");
    this.shown = targets && painted.map(({ question }) => question);
    this.cutOffs = new Map(
      painted.flatMap((one) => (one.cutOffMm ? [[one.question, one.cutOffMm] as const] : [])),
    );
    this.show();
    if (this.paintings.size > 0) this.options.onChange();
  }

  setActive(id: SegmentId | null): void {
    this.active = id;
    this.show();
    this.options.onChange();
  }

  toggleVisible(id: SegmentId): void {
    const hidden = new Set(this.hidden);
    if (!hidden.delete(id)) hidden.add(id);
    this.hidden = hidden;
    this.show();
    this.options.onChange();
  }

  /** A segment that is painted on is not hidden. */
  reveal(id: SegmentId): void {
    if (this.hidden.has(id)) this.toggleVisible(id);
  }

  isVisible(series: number, { value, question }: PaintedSegment): boolean {
    return (
      !this.hidden.has(segmentId(series, value)) && (this.shown === null || this.shown.includes(question))
    );
  }

  /** Everything that was painted, as it is measured here; undefined while kept labelmaps wait for their series. */
  get segments(): Segment[] | undefined {
    if (this.isWaiting) return undefined;
    const unread = [...this.unreadable.values()].flatMap(({ segments }) => segments.map(unmeasured));
    const told = [...this.paintings]
      .sort(([a], [b]) => a - b)
      .flatMap(([series, { segments }]) => segments.map((one) => this.told(series, one)));
    return [...told, ...unread];
  }

  /** Pack and hand over what was painted last; resolves when nothing of it is left, rejects when it cannot be. */
  async settle(): Promise<void> {
    while (this.isUnsaved || this.saving) await this.save();
  }

  dispose(): void {
    globalThis.removeEventListener?.("visibilitychange", this.settleNow);
    this.isDisposed = true;
    this.listeners.clear();
    // What was painted last is still handed over; nobody is left to try again.
    void this.settle().catch(() => this.tellUnkept(false));
  }

  private async unpack(series: number, stored: StoredLabelmap, shape: Shape): Promise<void> {
    try {
      const labels = await unpacked(stored.data, shape[0] * shape[1] * shape[2]);
      this.paintings.set(series, new Painting(shape, labels, stored.segments));
      this.kept.set(series, stored);
      this.waiting.delete(series);
    } catch {
      // It is neither shown nor written anew.
      this.unreadable.set(series, stored);
      this.waiting.delete(series);
      if (!this.isDisposed) this.options.onUnreadable(this.options.store.info(series)?.title ?? "a series");
    }
    if (this.isDisposed) return;
    this.show();
    this.options.onChange();
  }

  private noteChange(series: number, values: ReadonlySet<number>): void {
    for (const value of values) this.measured.delete(segmentId(series, value));
    const active = this.active === null ? null : partsOf(this.active);
    const isGone = active?.series === series && !this.paintings.get(series)?.segment(active.value);
    if (isGone) this.active = null;
    this.kept.delete(series);
    this.touched.add(series);
    this.isUnsaved = true;
    this.tellUnkept(true);
    this.saveSoon();
    this.show();
    this.options.onChange();
  }

  private readonly settleNow = (): void => void this.settle().catch(() => {});

  /** A timer that runs goes on: strokes that follow each other quickly do not put it off. */
  private saveSoon(delayMs = SAVED_AFTER_MS): void {
    this.timer ??= setTimeout(() => void this.save().catch(() => {}), delayMs);
  }

  /** One packing at a time; what is painted meanwhile is packed after it. */
  private save(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.saving ??= this.handOver().finally(() => {
      this.saving = null;
      this.tellUnkept(this.isUnsaved);
    });
    return this.saving;
  }

  private async handOver(): Promise<void> {
    this.isUnsaved = false;
    this.touched.clear();
    try {
      this.options.onLabelmaps(await this.stored());
      if (this.isUnsaved) this.saveSoon();
    } catch (error) {
      this.isUnsaved = true;
      if (!this.isDisposed) this.saveSoon(TRIED_AGAIN_AFTER_MS);
      throw error;
    }
  }

  private tellUnkept(isUnkept: boolean): void {
    if (isUnkept === this.isToldUnkept) return;
    this.isToldUnkept = isUnkept;
    this.options.onUnkept(isUnkept);
  }

  /** Everything that is to be kept, as it stands now. */
  private async stored(): Promise<StoredLabelmap[]> {
    const known = [...this.waiting.values(), ...this.unreadable.values(), ...this.kept.values()];
    const changed = [...this.paintings].filter(
      ([series, { segments }]) => !this.kept.has(series) && segments.length > 0,
    );
    // All voxels are copied before the first pause.
    const made = await Promise.all(
      changed.map(async ([series, { segments, shape, labels }]) => ({
        series,
        segments,
        shape: [...shape],
        data: await packed(this.held?.series === series ? this.held.stroke.labelsBefore() : labels),
      })),
    );
    for (const one of made) if (!this.touched.has(one.series)) this.kept.set(one.series, one);
    return [...known, ...made]
      .filter(({ segments }) => segments.length > 0)
      .sort((a, b) => a.series - b.series);
  }

  private told(series: number, segment: PaintedSegment): Segment {
    const { value, question, label, status } = segment;
    const id = segmentId(series, value);
    const grid = this.grid(series) as PaintGrid;
    const { slices, axes, volumeMl: volume } = this.measure(series, value, grid);
    const cutOff = this.cutOffs.get(question);
    const pixelMm = Math.max(grid.rowMm, grid.columnMm);
    return {
      question,
      label,
      status,
      slices,
      short_axis_mm: axes?.shortAxisMm ?? null,
      long_axis_mm: axes?.longAxisMm ?? null,
      volume_ml: volume,
      painted: {
        id,
        series,
        frame: axes ? axes.slice + 1 : (slices[Math.floor(slices.length / 2)] ?? 1),
        color: segmentColor(value),
        isActive: id === this.active,
        isVisible: !this.hidden.has(id),
        isBorderline:
          axes !== null && cutOff !== undefined && isBorderline(axes.shortAxisMm, cutOff, pixelMm),
      },
    };
  }

  private measure(series: number, value: number, grid: PaintGrid): Measured {
    const id = segmentId(series, value);
    const known = this.measured.get(id);
    const labels = this.paintings.get(series)?.labels;
    if (known || !labels) return known ?? { slices: [], axes: null, volumeMl: null };
    const found = measureMask(labels, grid.shape, value, grid);
    const axes = found.kind === "measured" ? found.axes : null;
    const slices = drawnSlices(labels, grid.shape, value).map((slice) => slice + 1);
    const volume = axes ? axes.volumeMl : volumeMl(segmentVoxels(labels, grid.shape, value), grid);
    const made = { slices, axes, volumeMl: volume };
    this.measured.set(id, made);
    return made;
  }
}

const unmeasured = ({ question, label, status }: PaintedSegment): Segment => ({
  question,
  label,
  status,
  slices: [],
  short_axis_mm: null,
  long_axis_mm: null,
  volume_ml: null,
});

const NO_SPACING = "This series does not say how far apart its pixels are, so nothing can be painted on it.";
const NOT_ALIKE = "The slices of this series differ in their size, so nothing can be painted on it.";

// Told apart from each other and from gray, also by readers who see fewer colors.
const COLORS = [
  "#56b4e9",
  "#e69f00",
  "#2fbf8f",
  "#cc79a7",
  "#f0e442",
  "#e5703a",
  "#8f9bff",
  "#b7e36b",
] as const;

export const segmentColor = (value: number): string => COLORS[(value - 1) % COLORS.length] as string;

function changedValues({ before, after, segmentsBefore, segmentsAfter }: PaintChange): Set<number> {
  const values = new Set<number>([...segmentsBefore, ...segmentsAfter].map(({ value }) => value));
  const touched = new Set<number>([...before, ...after]);
  return new Set([...values].filter((value) => touched.has(value)));
}
