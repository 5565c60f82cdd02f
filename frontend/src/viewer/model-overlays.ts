import type { Shape } from "./segmentation/box";

export type OverlayKind = "mask" | "heat";

/** How an overlay is shown. */
export interface OverlayLook {
  isShown: boolean;
  /** 0 to 1. */
  opacity: number;
  /** Of a region: its edge alone, or its area too. */
  isFilled: boolean;
}

/** Voxels that a model shows on the images of a series. */
export interface ModelOverlay {
  name: string;
  kind: OverlayKind;
  series: number;
  shape: Shape;
  /** A byte a voxel, slice by slice; null until they have come. */
  voxels: Uint8Array | null;
  hasFailed: boolean;
  look: OverlayLook;
}

/** What the reader chose for the overlays of the cases before, by kind; nothing of a case is in it. */
export type OverlayHabits = Map<OverlayKind, OverlayLook>;

/** The region is seen at once, the map on demand: it covers what is to be read. */
const FIRST_LOOK: Readonly<Record<OverlayKind, OverlayLook>> = {
  mask: { isShown: true, opacity: 1, isFilled: false },
  heat: { isShown: false, opacity: 0.6, isFilled: true },
};

interface Shown {
  overlays: readonly ModelOverlay[];
  /** All of them, for now, whatever their own switches say. */
  areHidden: boolean;
}

const NOTHING: Shown = { overlays: [], areHidden: false };

/** What a model shows on the images of one case, from its coming until the case is left. */
export class ModelOverlays {
  private readonly habits: OverlayHabits;
  private readonly listeners = new Set<() => void>();
  private shown = NOTHING;

  constructor(habits: OverlayHabits = new Map()) {
    this.habits = habits;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** The same object until something changes. */
  snapshot = (): Shown => this.shown;

  /** Take up the overlays of an output; their voxels come later. */
  begin(told: readonly Pick<ModelOverlay, "name" | "kind" | "series" | "shape">[]): void {
    const overlays = told.map(({ name, kind, series, shape }) => {
      const look = this.habits.get(kind) ?? FIRST_LOOK[kind];
      return { name, kind, series, shape, voxels: null, hasFailed: false, look };
    });
    this.show({ overlays, areHidden: false });
  }

  /** The voxels have come; null where they could not be had. */
  came(name: string, voxels: Uint8Array | null): void {
    this.change(name, () => ({ voxels, hasFailed: voxels === null }));
  }

  /** They are asked for once more. */
  isAsked(name: string): void {
    this.change(name, () => ({ hasFailed: false }));
  }

  setLook(name: string, look: Partial<OverlayLook>): void {
    this.change(name, (one) => {
      const next = { ...one.look, ...look };
      this.habits.set(one.kind, next);
      return { look: next };
    });
    // Who sets how one of them looks wants to see it.
    if (this.shown.areHidden) this.show({ ...this.shown, areHidden: false });
  }

  /** Hide all that are shown, and show them again. */
  toggleAll(): void {
    if (this.shown.overlays.length > 0) this.show({ ...this.shown, areHidden: !this.shown.areHidden });
  }

  /** Forget everything of the case. */
  clear(): void {
    this.show(NOTHING);
  }

  private change(name: string, change: (one: ModelOverlay) => Partial<ModelOverlay>): void {
    const overlays = this.shown.overlays.map((one) => (one.name === name ? { ...one, ...change(one) } : one));
    this.show({ ...this.shown, overlays });
  }

  private show(shown: Shown): void {
    this.shown = shown;
    for (const listener of this.listeners) listener();
  }
}

/** The slice, from 1, on which most of an overlay is to be seen. */
export function fullestSlice(voxels: Uint8Array, [slices, rows, columns]: Shape): number {
  let fullest = { slice: Math.ceil(slices / 2), sum: 0 };
  for (let slice = 1; slice <= slices; slice++) {
    const plane = voxels.subarray((slice - 1) * rows * columns, slice * rows * columns);
    const sum = plane.reduce((total, value) => total + value, 0);
    if (sum > fullest.sum) fullest = { slice, sum };
  }
  return fullest.slice;
}
