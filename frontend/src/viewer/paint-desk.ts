import { toPixel } from "./measuring/values";
import { type PaintGrid, type PaintLayer, partsOf, segmentId } from "./paint-layer";
import { RegionInHand } from "./region-in-hand";
import { afterErasing, afterPainting, EDITS, NO_VOXELS, replaced, type SegmentEdit } from "./segment-steps";
import { indexOf, type Voxel } from "./segmentation/box";
import type { GrowClient } from "./segmentation/grow-client";
import {
  BRUSH_VERSION,
  differences,
  type OriginStep,
  type PaintedSegment,
  type Painting,
  Stroke,
  type VoxelChange,
  withStep,
} from "./segmentation/painting";
import { rangeUnder } from "./segmentation/range";
import type { SeriesStore } from "./series-store";
import type { PaintState, PaintTool, Vec3 } from "./types";

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

/** What the hand does with the tools that paint voxels. */
export class PaintDesk {
  private readonly options: DeskOptions;
  /** The region that was grown last, while it can still be made more or less. */
  private readonly region: RegionInHand;
  private underWay: StrokeUnderWay | null = null;
  /** The press that the region grows from still holds: it can be pulled. */
  private isPulled = false;
  /** How far it was pulled last: one that was refused is not tried again with every move. */
  private pulledTo = 0;
  private rangeSeries: number | null = null;

  constructor(options: DeskOptions) {
    this.options = options;
    this.region = new RegionInHand({ ...options, onUndo: () => this.keep() });
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
      const there = painting.segment(painting.labels[indexOf(seed, painting.shape)] ?? 0);
      const isOwn = there?.question === key && layer.isVisible(place.series, there);
      if (isOwn) this.choose(segmentId(place.series, there.value));
      else this.region.begin(seed, place.series, key, painting);
      this.isPulled = !isOwn;
      this.pulledTo = 0;
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

  /** So many steps more of the region, or less, than the press found that is still held. */
  pull(steps: number): void {
    if (!this.isPulled || steps === this.pulledTo) return;
    this.pulledTo = steps;
    this.setStrength(steps);
  }

  /** The hand is lifted: what the stroke painted stands. */
  end(): void {
    const { underWay } = this;
    this.isPulled = false;
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
    if (!this.region.isThere) return false;
    if (this.keep()) this.options.undo();
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
    this.end();
    return this.region.keep();
  }

  /** Make the region that was grown last more or less. */
  setStrength(strength: number): void {
    this.region.setStrength(strength);
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
    this.options.onState({ growProblem: this.region.problem(series) });
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
    this.region.dispose();
  }

  /** The tool that grows is in hand: a click may follow. */
  warm(): void {
    this.region.warm();
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
}
