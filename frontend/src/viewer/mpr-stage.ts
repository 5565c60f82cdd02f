import { Enums, type Types } from "@cornerstonejs/core";
import { drawsWithoutWebGl } from "./cornerstone";
import { Display } from "./display";
import { cross, type SliceGeometry, scale, subtract } from "./geometry";
import { awayFrom, centerOf, nearestSlice, reformat, volumeGeometry } from "./planes";
import type { PreparedSeries } from "./series-store";
import { BACKGROUND, type ShowOptions, Stage, type StageOptions } from "./stage";
import type { MprPlane, Vec3, ViewerSeries } from "./types";

// The camera looks from this far away; without perspective it makes no difference to what is seen.
const CAMERA_AWAY_MM = 1000;

/** Why no other planes can be made of a series before its slices are known; null when they may be tried. */
export function mprRefusal(series: ViewerSeries | undefined): string | null {
  if (drawsWithoutWebGl()) return "Other planes need WebGL, which this browser does not offer here.";
  if (series?.mpr && !series.mpr.allowed) return notReformatted(series.mpr.reason);
  return null;
}

const notReformatted = (reason: string | null): string =>
  `This series is shown as it was taken only. ${reason ?? ""}`.trim();

/** A series in a plane of its own axes, made of all its slices. */
export class MprStage extends Stage {
  readonly viewport: Types.IVolumeViewport;
  protected readonly display: Display;
  private readonly plane: MprPlane;
  private grid: readonly SliceGeometry[] = [];

  constructor(options: StageOptions, plane: MprPlane) {
    super(options);
    this.plane = plane;
    options.engine.enableElement({
      viewportId: options.id,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      element: this.element,
      defaultOptions: { background: BACKGROUND },
    });
    this.viewport = options.engine.getViewport(options.id) as Types.IVolumeViewport;
    this.display = new Display(this.viewport);
    this.listen("addEventListener");
  }

  imageIdAt(): undefined {
    return undefined;
  }

  /** Planes of the series' own axes show its values where they were taken: each belongs to the nearest slice. */
  override acquiredAt(point: Vec3): string | undefined {
    const { geometries = [], imageIds = [] } = this.current ?? {};
    const nearest = nearestSlice(point, geometries);
    const [slice, first, second] = [geometries[nearest ?? -1], geometries[0], geometries[1]];
    if (nearest === null || !slice || !first || !second) return undefined;
    return awayFrom(point, slice) <= awayFrom(second.origin, first) / 2 ? imageIds[nearest] : undefined;
  }

  slices(): readonly SliceGeometry[] {
    return this.grid;
  }

  scrollTo(frame: number): void {
    const target = Math.min(Math.max(frame, 1), this.grid.length);
    const [from, to] = [this.grid[this.state.value.targetSlice - 1], this.grid[target - 1]];
    if (!from || !to || from === to) return;
    this.state.update({ targetSlice: target });
    this.options.onMoved();
    const { focalPoint, position } = this.viewport.getCamera();
    if (!focalPoint || !position) return;
    const step = subtract(to.origin, from.origin);
    this.viewport.setCamera({ focalPoint: moved(focalPoint, step), position: moved(position, step) });
    this.viewport.render();
  }

  protected override fitUnturned(): void {
    const slice = this.grid[this.state.value.targetSlice - 1];
    const { clientWidth, clientHeight } = this.element;
    if (!slice || clientWidth === 0) return;
    const { rowDirection, columnDirection } = slice;
    const toViewer = cross(columnDirection, rowDirection);
    const middle = centerOf(slice);
    const [width, height] = [slice.columns * slice.columnSpacingMm, slice.rows * slice.rowSpacingMm];
    this.viewport.setCamera(
      {
        focalPoint: [...middle],
        position: moved([...middle], scale(toViewer, CAMERA_AWAY_MM)),
        viewPlaneNormal: [...toViewer],
        viewUp: [...scale(columnDirection, -1)],
        parallelScale: Math.max(height, (width * clientHeight) / clientWidth) / 2,
        flipHorizontal: false,
        flipVertical: false,
      },
      true,
    );
    this.viewport.render();
  }

  /** All slices are asked for again: a plane across them needs every one. */
  async retryFrame(): Promise<void> {
    await this.showSeries(this.state.value.series);
  }

  override dispose(): void {
    this.listen("removeEventListener");
    super.dispose();
  }

  protected async showPrepared(prepared: PreparedSeries, asked: ShowOptions, turn: number): Promise<void> {
    const volume = volumeGeometry(prepared.geometries);
    if (typeof volume === "string") {
      this.fail(notReformatted(volume), false);
      return;
    }
    this.current = prepared;
    this.grid = reformat(volume, this.plane);
    const wanted = asked.slice ?? Math.floor(this.grid.length / 2) + 1;
    const targetSlice = Math.min(Math.max(wanted, 1), this.grid.length);
    this.state.update({ ...NOTHING_SHOWN, targetSlice, slices: this.grid.length });
    const window = await this.chooseWindow(prepared, asked.window ?? null);
    this.frames.tell(prepared);
    const missing = await this.frames.loadAll(prepared);
    if (!this.isCurrent(turn)) return;
    if (missing > 0 || !window) {
      this.fail(
        missing === 1
          ? "A slice of this series could not be loaded."
          : "Slices of this series could not be loaded.",
      );
      return;
    }
    const volumeId = await this.store.volume(prepared).catch(() => null);
    if (!this.isCurrent(turn)) return;
    if (volumeId === null) {
      this.fail("The other planes of this series could not be made.");
      return;
    }
    await this.viewport.setVolumes([{ volumeId }]);
    if (!this.isCurrent(turn)) return;
    this.state.update({ status: "ready", window });
    this.fit();
    this.display.isInverted = this.state.value.isInverted;
    // The library inverts such images in a stack only.
    this.display.isMonochrome1 = prepared.isMonochrome1;
    this.display.apply(window);
    this.options.onSeries();
    this.options.onMoved();
  }

  private listen(how: "addEventListener" | "removeEventListener"): void {
    this.element[how](Enums.Events.IMAGE_RENDERED, this.onRendered);
    this.element[how](Enums.Events.VOI_MODIFIED, this.onWindow);
    this.element[how]("wheel", this.onWheel as EventListener);
  }

  private readonly onRendered = (): void => {
    const { status, targetSlice } = this.state.value;
    const slice = this.grid[targetSlice - 1];
    if (status === "ready" && slice) this.noteSlice(targetSlice, slice);
  };

  private readonly onWindow = (event: Event): void => {
    this.noteWindow(event);
  };

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (event.deltaY !== 0) this.scrollBy(Math.sign(event.deltaY));
  };
}

const NOTHING_SHOWN = {
  slice: 0,
  letters: null,
  imageRect: null,
  geometry: null,
  placement: null,
  mmPerPixel: null,
  canMeasure: true,
} as const;

function moved([x, y, z]: Types.Point3, by: readonly [number, number, number]): Types.Point3 {
  return [x + by[0], y + by[1], z + by[2]];
}
