import { type PaintLayer, segmentId } from "./paint-layer";
import { type CutBox, indexOf, type StoredValues, type Voxel } from "./segmentation/box";
import { cutBox, stackSpacing } from "./segmentation/cut-box";
import { GROW_DEFAULTS, MOST_STRENGTH } from "./segmentation/grow";
import { GrowClient, type GrownRegion, Superseded } from "./segmentation/grow-client";
import type { OriginStep, PaintChange, PaintedSegment, Painting } from "./segmentation/painting";
import type { SeriesStore } from "./series-store";
import type { PaintState } from "./types";

interface RegionOptions {
  layer: PaintLayer;
  store: SeriesStore;
  state: () => PaintState;
  onState: (change: Partial<PaintState>) => void;
  onHint: (text: string | null) => void;
  /** The step that grew the region is about to be taken back: the hand leaves it. */
  onUndo: () => void;
  remember: (restore: (isUndo: boolean) => void) => void;
  growing?: GrowClient;
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

/** Grows a segment from a click, and makes it more or less for as long as it is in the hand. */
export class RegionInHand {
  private readonly options: RegionOptions;
  private readonly growing: GrowClient;
  private live: Live | null = null;

  constructor(options: RegionOptions) {
    this.options = options;
    this.growing = options.growing ?? new GrowClient();
  }

  /** Whether a region is in the hand, grown or still growing. */
  get isThere(): boolean {
    return this.live !== null;
  }

  /** Why nothing can be grown on a series; null where it can. */
  problem(series: number): string | null {
    const spacing = this.spacing(series);
    return spacing.kind === "even" ? null : spacing.text;
  }

  /** Grow a segment of a question from a voxel that belongs to none of its segments. */
  begin(seed: Voxel, series: number, question: string, painting: Painting): void {
    const { onHint, onState } = this.options;
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

  /** Make the region that was grown last more or less. */
  setStrength(strength: number): void {
    const { live } = this;
    if (!live) return;
    const next = Math.min(MOST_STRENGTH, Math.max(-MOST_STRENGTH, Math.round(strength)));
    if (next === this.options.state().strength) return;
    this.options.onState({ strength: next });
    void this.run(live, next);
  }

  /** Let go of the region as it is. Answers whether there was one that had grown. */
  keep(): boolean {
    const { live } = this;
    this.growing.cancel();
    this.live = null;
    this.options.onState({ strength: null, isGrowing: false });
    return live?.change != null;
  }

  /** A click may follow. */
  warm(): void {
    this.growing.warm();
  }

  dispose(): void {
    this.growing.dispose();
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
    const { layer, onHint, onState, onUndo, remember } = this.options;
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
    onState({ active: layer.active });
    if (!isFirst) return;
    remember((isUndo) => {
      if (isUndo) onUndo();
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

/** Where a voxel of a box lies in its series. */
function voxelInSeries(place: number, { box, start }: CutBox, { shape }: Painting): number {
  const [, rows, columns] = box.shape;
  const column = place % columns;
  const row = Math.floor(place / columns) % rows;
  const slice = Math.floor(place / (rows * columns));
  return indexOf([start[0] + slice, start[1] + row, start[2] + column], shape);
}
