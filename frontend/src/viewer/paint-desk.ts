import { toPixel } from "./measuring/values";
import { type PaintGrid, type PaintLayer, partsOf, segmentId } from "./paint-layer";
import { type CutBox, indexOf, type StoredValues, type Voxel } from "./segmentation/box";
import { cutBox, stackSpacing } from "./segmentation/cut-box";
import {
  type EditedLabels,
  FILL_VERSION,
  fillSegmentHoles,
  INTERPOLATE_VERSION,
  interpolateSegment,
  SMOOTH_VERSION,
  smoothSegment,
} from "./segmentation/edit";
import { GROW_DEFAULTS, MOST_STRENGTH } from "./segmentation/grow";
import { GrowClient, type GrownRegion, Superseded } from "./segmentation/grow-client";
import {
  BRUSH_VERSION,
  differences,
  editedVoxels,
  type OriginStep,
  type PaintChange,
  type PaintedSegment,
  type Painting,
  Stroke,
  type VoxelChange,
  withStep,
} from "./segmentation/painting";
import { rangeUnder } from "./segmentation/range";
import type { SeriesStore } from "./series-store";
import type { PaintState, PaintTool, Vec3 } from "./types";

export type SegmentEdit = "interpolate" | "fill" | "smooth";

export const LEAST_BRUSH_MM = 1;
export const LARGEST_BRUSH_MM = 40;

/** The slice that the hand is on. */
export interface PaintPlace {
  series: number;
  /** 1-based. */
  frame: number;
}

interface DeskOptions {
  layer: PaintLayer;
  store: SeriesStore;
  tool: () => PaintTool | null;
  /** The question that is painted for. */
  question: () => string | null;
  state: () => PaintState;
  onState: (change: Partial<PaintState>) => void;
  onHint: (text: string | null) => void;
  /** Take back the last step of all. */
  undo: () => void;
  remember: (restore: (isUndo: boolean) => void) => void;
  growing?: GrowClient;
}

interface StrokeUnderWay {
  series: number;
  frame: number;
  painting: Painting;
  stroke: Stroke;
  /** The segment that is painted; null for the eraser. */
  value: number | null;
  step: OriginStep;
}

/** A region that was grown from a click and can still be made more or less. */
interface Live {
  series: number;
  seed: Voxel;
  value: number;
  question: string;
  strength: number;
  /** Null before it has become a region. */
  change: PaintChange | null;
}

/** What the hand does with the tools that paint voxels. */
export class PaintDesk {
  private readonly options: DeskOptions;
  private readonly growing: GrowClient;
  private underWay: StrokeUnderWay | null = null;
  private live: Live | null = null;
  private rangeSeries: number | null = null;

  constructor(options: DeskOptions) {
    this.options = options;
    this.growing = options.growing ?? new GrowClient();
  }

  /** Begin at a point of the patient on a slice. Shift makes a brush an eraser. */
  begin(point: Vec3, place: PaintPlace, isShift = false): void {
    const { layer, store, tool, question } = this.options;
    const using = tool();
    const key = question();
    const geometry = store.place(store.imageIdAt(place.series, place.frame))?.geometry;
    this.keep();
    this.options.onHint(null);
    if (!using || key === null || !geometry) return;
    const painting = layer.painting(place.series);
    const refusal = this.refusal(key, place.series, painting);
    if (!painting || refusal !== null) {
      this.options.onHint(refusal);
      return;
    }
    const [column, row] = toPixel(point, geometry);
    const seed: Voxel = [place.frame - 1, Math.round(row), Math.round(column)];
    if (using === "grow") {
      this.growFrom(seed, place.series, key, painting);
      return;
    }
    const grid = layer.grid(place.series) as PaintGrid;
    const kind = isShift ? "eraser" : using;
    this.underWay = this.strokeOf(kind, key, place, painting, grid, [column, row]);
    if (!this.underWay) return;
    layer.hold(this.underWay);
    this.underWay.stroke.to([column, row]);
    layer.show();
  }

  /** Go on with a stroke. */
  move(point: Vec3): void {
    if (!this.underWay) return;
    const { store, layer } = this.options;
    const { series, frame, stroke } = this.underWay;
    const geometry = store.place(store.imageIdAt(series, frame))?.geometry;
    if (!geometry) return;
    stroke.to(toPixel(point, geometry));
    layer.show();
  }

  /** The hand is lifted: what the stroke painted stands. */
  end(): void {
    const { underWay } = this;
    if (!underWay) return;
    this.underWay = null;
    const { layer, question } = this.options;
    const { series, painting, stroke, value, step } = underWay;
    const changed = stroke.finish();
    layer.hold(null);
    if (changed) {
      const { segments } = painting;
      const segmentsAfter =
        value === null
          ? afterErasing(painting, changed, step)
          : afterPainting(segments, changed, step, value, question() ?? "");
      if (value !== null) layer.active = segmentId(series, value);
      layer.commit(series, { ...changed, segmentsBefore: segments, segmentsAfter });
    }
    this.tell();
  }

  /** Take back what is under way, or the region that can still be made more or less. Answers whether there was any. */
  cancel(): boolean {
    if (this.discardStroke()) return true;
    const { live } = this;
    if (!live) return false;
    this.keep();
    if (live.change) this.options.undo();
    return true;
  }

  /** Forget the stroke under way. Answers whether there was any. */
  discardStroke(): boolean {
    const { underWay } = this;
    if (!underWay) return false;
    this.underWay = null;
    underWay.stroke.discard();
    this.options.layer.hold(null);
    this.options.layer.show();
    return true;
  }

  /** Leave the region that was grown last as it is, and end a stroke under way. Answers whether there was a region. */
  keep(): boolean {
    const { live } = this;
    this.end();
    this.growing.cancel();
    this.live = null;
    this.options.onState({ strength: null, isGrowing: false });
    return live?.change != null;
  }

  /** Make the region that was grown last more or less. */
  setStrength(strength: number): void {
    const { live } = this;
    if (!live) return;
    const next = Math.min(MOST_STRENGTH, Math.max(-MOST_STRENGTH, Math.round(strength)));
    if (next === this.options.state().strength) return;
    this.options.onState({ strength: next });
    void this.run(live, next);
  }

  stepStrength(by: 1 | -1): void {
    const { strength } = this.options.state();
    if (strength !== null) this.setStrength(strength + by);
  }

  setBrush(mm: number): void {
    this.options.onState({ brushMm: Math.min(LARGEST_BRUSH_MM, Math.max(LEAST_BRUSH_MM, mm)) });
  }

  /** One size up or down: the larger the brush, the larger the step. */
  stepBrush(by: 1 | -1): void {
    const { brushMm } = this.options.state();
    const step = brushMm + (by < 0 ? -0.1 : 0) < 5 ? 0.5 : brushMm + (by < 0 ? -0.1 : 0) < 12 ? 1 : 2;
    this.setBrush(brushMm + by * step);
  }

  /** The values that the threshold brush paints; null to take them from the next click. */
  setRange(range: PaintState["range"]): void {
    this.options.onState({ range });
  }

  /** Another series is in the hand: what is known of its slices. */
  enter(series: number): void {
    const spacing = this.spacing(series);
    this.options.onState({ growProblem: spacing.kind === "even" ? null : spacing.text });
    if (this.rangeSeries !== null && this.rangeSeries !== series) {
      this.rangeSeries = null;
      this.setRange(null);
    }
  }

  /** Interpolate, fill or smooth the segment in hand. */
  edit(how: SegmentEdit): void {
    const { layer, onHint } = this.options;
    this.keep();
    const active = layer.active === null ? null : partsOf(layer.active);
    const painting = active && layer.painting(active.series);
    const segment = painting?.segment(active?.value ?? null);
    if (!active || !painting || !segment) {
      onHint("Choose a segment first: paint one, or click on it in the list.");
      return;
    }
    const { run, version, nothing } = EDITS[how];
    const result = run(painting, segment.value, layer.grid(active.series) as PaintGrid);
    const changed = differences(painting.labels, result.labels);
    onHint(changed ? null : nothing);
    if (!changed) return;
    const { added, removed } = result;
    const step: OriginStep = { tool: how, version, seed_ijk: null, parameters: { added, removed } };
    const after = { ...segment, origin: withStep(segment.origin, step) };
    this.commitSegments(active.series, painting, changed, replaced(painting.segments, after));
  }

  choose(id: string | null): void {
    this.keep();
    this.options.layer.setActive(id);
    this.tell();
  }

  name(id: string, words: Partial<Pick<PaintedSegment, "label" | "status">>): void {
    this.keep();
    const { series, value } = partsOf(id);
    const painting = this.options.layer.painting(series);
    const segment = painting?.segment(value);
    if (!painting || !segment) return;
    this.commitSegments(series, painting, NO_VOXELS, replaced(painting.segments, { ...segment, ...words }));
  }

  /** Remove a segment, or else the one in hand. */
  remove(id: string | null = this.options.layer.active): void {
    this.keep();
    if (id === null) return;
    const { series, value } = partsOf(id);
    const painting = this.options.layer.painting(series);
    if (!painting?.segment(value)) return;
    const next = painting.labels.map((label) => (label === value ? 0 : label));
    const others = painting.segments.filter((one) => one.value !== value);
    this.commitSegments(series, painting, differences(painting.labels, next) ?? NO_VOXELS, others);
  }

  /** After a step was taken back or made again. */
  tell(): void {
    this.options.onState({ active: this.options.layer.active });
  }

  dispose(): void {
    this.discardStroke();
    this.growing.dispose();
  }

  /** The tool that grows is in hand: a click may follow. */
  warm(): void {
    this.growing.warm();
  }

  private refusal(question: string, series: number, painting: Painting | null): string | null {
    const { layer, store } = this.options;
    const grid = layer.grid(series);
    if (typeof grid === "string") return grid;
    if (!painting) return "What was painted on this series before has not been read.";
    const elsewhere = layer.seriesOf(question);
    if (elsewhere !== null && elsewhere !== series) {
      return `This mask lies on ${store.info(elsewhere)?.title ?? "another series"}. A mask lies on one series.`;
    }
    const isFull = painting.freeValue() === null && this.ownActive(series, painting, question) === null;
    return isFull ? "There are as many segments on this series as there can be." : null;
  }

  private strokeOf(
    kind: Exclude<PaintTool, "grow">,
    question: string,
    { series, frame }: PaintPlace,
    painting: Painting,
    grid: PaintGrid,
    [column, row]: readonly [number, number],
  ): StrokeUnderWay | null {
    const { layer, store, state } = this.options;
    const radius_mm = state().brushMm / 2;
    const place = { slice: frame - 1, radiusMm: radius_mm, rowMm: grid.rowMm, columnMm: grid.columnMm };
    const start = { series, frame, painting };
    const step = (parameters: OriginStep["parameters"]): OriginStep => ({
      tool: kind,
      version: BRUSH_VERSION,
      seed_ijk: null,
      parameters,
    });
    if (kind === "eraser") {
      const own = painting.segments.filter(
        (one) => one.question === question && layer.isVisible(series, one),
      );
      const values = new Set(own.map(({ value }) => value));
      const stroke = new Stroke(painting, { ...place, labelFor: (label) => (values.has(label) ? 0 : label) });
      return { ...start, stroke, value: null, step: step({ radius_mm }) };
    }
    const value = this.ownActive(series, painting, question) ?? (painting.freeValue() as number);
    layer.reveal(segmentId(series, value));
    if (kind === "brush") {
      const stroke = new Stroke(painting, { ...place, labelFor: (label) => (label === 0 ? value : label) });
      return { ...start, stroke, value, step: step({ radius_mm }) };
    }
    const values = store.valuesAt(series, frame);
    if (!values) return null;
    const range = state().range ?? rangeUnder(values, grid, [column, row], radius_mm);
    this.rangeSeries = series;
    this.setRange(range);
    const labelFor = (label: number, pixel: number) => {
      const inRange = (values[pixel] as number) >= range.low && (values[pixel] as number) <= range.high;
      return label === 0 && inRange ? value : label;
    };
    const stroke = new Stroke(painting, { ...place, labelFor });
    return { ...start, stroke, value, step: step({ radius_mm, ...range }) };
  }

  /** The value of the segment in hand, where it is one of this question and series. */
  private ownActive(series: number, painting: Painting, question: string): number | null {
    const { active } = this.options.layer;
    const parts = active === null ? null : partsOf(active);
    const segment = parts?.series === series ? painting.segment(parts.value) : undefined;
    return segment?.question === question ? segment.value : null;
  }

  private growFrom(seed: Voxel, series: number, question: string, painting: Painting): void {
    const { layer, onHint, onState } = this.options;
    const there = painting.segment(painting.labels[indexOf(seed, painting.shape)] ?? 0);
    if (there?.question === question && layer.isVisible(series, there)) {
      this.choose(segmentId(series, there.value));
      return;
    }
    const spacing = this.spacing(series);
    const value = painting.freeValue();
    if (spacing.kind === "uneven" || value === null) {
      onHint(spacing.kind === "uneven" ? `${spacing.text} Use a brush.` : null);
      return;
    }
    const { strength } = GROW_DEFAULTS;
    this.live = { series, seed, value, question, strength, change: null };
    onState({ strength });
    void this.run(this.live, strength);
  }

  private async run(live: Live, strength: number): Promise<void> {
    const { onHint, onState, layer } = this.options;
    const painting = layer.painting(live.series);
    const spacing = this.spacing(live.series);
    if (!painting || spacing.kind === "uneven") return;
    onState({ isGrowing: true });
    const cutBoxOf = (boxMm: number): CutBox | null =>
      cutBox({
        shape: painting.shape,
        spacingMm: spacing.spacingMm,
        seed: live.seed,
        boxMm,
        valuesOf: (slice): StoredValues | null => this.options.store.valuesAt(live.series, slice + 1),
      });
    try {
      const region = await this.growing.grow(cutBoxOf, { ...GROW_DEFAULTS, strength });
      if (this.live !== live) return;
      onState({ isGrowing: false });
      this.take(live, strength, painting, region);
    } catch (error) {
      if (error instanceof Superseded) return;
      onState({ isGrowing: false });
      onHint(error instanceof Error ? error.message : GROW_FAILED);
    }
  }

  /** Put a region in the place of the one before. */
  private take(live: Live, strength: number, painting: Painting, region: GrownRegion | null): void {
    const { layer, onHint, onState, remember } = this.options;
    if (region === null || region.result.kind === "refused") {
      onHint(region?.result.kind === "refused" ? region.result.text : NOT_LOADED);
      // What stands is told with the strength that made it.
      if (live.change) onState({ strength: live.strength });
      return;
    }
    onHint(null);
    if (live.change) layer.make(live.series, live.change, "revert");
    const change = this.grownChange(live, painting, region);
    const isFirst = live.change === null;
    if (change) layer.make(live.series, change, "apply");
    if (!change) {
      onHint("All of this region belongs to other segments already.");
      if (live.change) layer.make(live.series, live.change, "apply");
      return;
    }
    live.change = change;
    live.strength = strength;
    layer.setActive(segmentId(live.series, live.value));
    this.tell();
    if (!isFirst) return;
    remember((isUndo) => {
      if (isUndo) this.keep();
      if (live.change) layer.make(live.series, live.change, isUndo ? "revert" : "apply");
    });
  }

  private grownChange(
    live: Live,
    painting: Painting,
    { result, cut, parameters }: GrownRegion,
  ): PaintChange | null {
    if (result.kind !== "grown") return null;
    const voxels: number[] = [];
    result.mask.forEach((isSet, place) => {
      if (!isSet) return;
      const voxel = voxelInSeries(place, cut, painting);
      if (painting.labels[voxel] === 0) voxels.push(voxel);
    });
    if (voxels.length === 0) return null;
    const [slice, row, column] = live.seed;
    const step: OriginStep = {
      tool: "grow",
      version: result.version,
      seed_ijk: [column, row, slice],
      parameters: { ...parameters },
    };
    const segment: PaintedSegment = {
      value: live.value,
      question: live.question,
      label: null,
      status: null,
      origin: [step],
      edited_voxels: 0,
    };
    return {
      voxels: Uint32Array.from(voxels),
      before: new Uint8Array(voxels.length),
      after: new Uint8Array(voxels.length).fill(live.value),
      segmentsBefore: painting.segments,
      segmentsAfter: [...painting.segments, segment],
    };
  }

  private commitSegments(
    series: number,
    painting: Painting,
    changed: VoxelChange,
    segmentsAfter: readonly PaintedSegment[],
  ): void {
    const change = { ...changed, segmentsBefore: painting.segments, segmentsAfter };
    this.options.layer.commit(series, change);
    this.tell();
  }

  private spacing(series: number): ReturnType<typeof stackSpacing> {
    const { store } = this.options;
    const slices = store.info(series)?.slices ?? 0;
    return stackSpacing(
      Array.from(
        { length: slices },
        (_, slice) => store.place(store.imageIdAt(series, slice + 1))?.geometry ?? null,
      ),
    );
  }
}

const NOT_LOADED = "The slices around the click have not all come yet. Please click again in a moment.";
const GROW_FAILED = "The region could not be grown. Please use a brush.";
const NO_VOXELS: VoxelChange = {
  voxels: new Uint32Array(0),
  before: new Uint8Array(0),
  after: new Uint8Array(0),
};

const EDITS: Readonly<
  Record<
    SegmentEdit,
    {
      run: (painting: Painting, value: number, grid: PaintGrid) => EditedLabels;
      version: string;
      nothing: string;
    }
  >
> = {
  interpolate: {
    run: ({ labels, shape }, value, grid) => interpolateSegment(labels, shape, value, grid),
    version: INTERPOLATE_VERSION,
    nothing: "There is no slice between painted ones that this segment leaves out.",
  },
  fill: {
    run: ({ labels, shape }, value) => fillSegmentHoles(labels, shape, value),
    version: FILL_VERSION,
    nothing: "This segment has no holes.",
  },
  smooth: {
    run: ({ labels, shape }, value, grid) => smoothSegment(labels, shape, value, grid),
    version: SMOOTH_VERSION,
    nothing: "This segment is smooth already.",
  },
};

const replaced = (segments: readonly PaintedSegment[], one: PaintedSegment): PaintedSegment[] =>
  segments.map((other) => (other.value === one.value ? one : other));

/** The segments after a stroke of a brush: the painted one with a step more, or new. */
function afterPainting(
  segments: readonly PaintedSegment[],
  changed: VoxelChange,
  step: OriginStep,
  value: number,
  question: string,
): PaintedSegment[] {
  const known = segments.find((one) => one.value === value);
  const before = known ?? { value, question, label: null, status: null, origin: [], edited_voxels: 0 };
  const after = {
    ...before,
    origin: withStep(before.origin, step),
    edited_voxels: before.edited_voxels + editedVoxels(changed, value),
  };
  return known ? replaced(segments, after) : [...segments, after];
}

/** The segments after a stroke of the eraser: without those of which nothing is left. */
function afterErasing(painting: Painting, changed: VoxelChange, step: OriginStep): PaintedSegment[] {
  return painting.segments.flatMap((one) => {
    const edited = editedVoxels(changed, one.value);
    if (edited === 0) return [one];
    if (!painting.holds(one.value)) return [];
    return [{ ...one, origin: withStep(one.origin, step), edited_voxels: one.edited_voxels + edited }];
  });
}

/** Where a voxel of a box lies in its series. */
function voxelInSeries(place: number, { box, start }: CutBox, { shape }: Painting): number {
  const [, rows, columns] = box.shape;
  const column = place % columns;
  const row = Math.floor(place / columns) % rows;
  const slice = Math.floor(place / (rows * columns));
  return indexOf([start[0] + slice, start[1] + row, start[2] + column], shape);
}
