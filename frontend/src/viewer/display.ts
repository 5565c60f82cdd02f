import { Enums, type Types } from "@cornerstonejs/core";
import { drawsWithoutWebGl } from "./cornerstone";
import { pixelToPatient, type SliceGeometry } from "./geometry";
import type { DisplayWindow, ImageRect, ViewState } from "./types";
import { toRange } from "./window";

/** How the image stands on the screen: window, inversion, place and size. */
export class Display {
  private readonly viewport: Types.IStackViewport | Types.IVolumeViewport;
  isInverted = false;
  isMonochrome1 = false;

  constructor(viewport: Types.IStackViewport | Types.IVolumeViewport) {
    this.viewport = viewport;
  }

  setWindow(window: DisplayWindow): void {
    this.viewport.setProperties({ voiRange: toRange(window) });
    this.viewport.render();
  }

  /** Show a new stack in the window given. */
  apply(window: DisplayWindow): void {
    if (this.viewport.getImageIds().length === 0) return;
    this.viewport.setProperties({ voiRange: toRange(window) });
    // Without WebGL the function cannot be set, and asking for it throws.
    if (!drawsWithoutWebGl()) {
      this.viewport.setProperties({ VOILUTFunction: Enums.VOILUTFunctionType.LINEAR });
    }
    this.invert(this.isInverted);
  }

  invert(isInverted: boolean): void {
    this.isInverted = isInverted;
    this.viewport.setProperties({ invert: isInverted !== this.isMonochrome1 });
    this.viewport.render();
  }

  fit(): void {
    this.viewport.resetCamera({ resetPan: true, resetZoom: true });
    this.viewport.render();
  }

  get zoom(): number {
    return this.viewport.getZoom();
  }

  /** Shift of the image in mm; `geometry` is that of the slice shown. */
  panMm(geometry: SliceGeometry): [number, number] {
    const [across, down] = this.viewport.getPan();
    const mmPerPixel = this.mmPerPixel(geometry);
    return [across * mmPerPixel, down * mmPerPixel];
  }

  /** Zoom and shift as they were left. */
  restore({ zoom, pan }: Pick<ViewState, "zoom" | "pan">, geometry: SliceGeometry): void {
    this.viewport.setZoom(zoom);
    const mmPerPixel = this.mmPerPixel(geometry);
    this.viewport.setPan([pan[0] / mmPerPixel, pan[1] / mmPerPixel]);
    this.viewport.render();
  }

  imageRect(geometry: SliceGeometry): ImageRect {
    const { columns, rows } = geometry;
    const toCanvas = (column: number, row: number) =>
      this.viewport.worldToCanvas([...pixelToPatient(column, row, geometry)]);
    const [left, top] = toCanvas(-0.5, -0.5);
    const [right, bottom] = toCanvas(columns - 0.5, rows - 0.5);
    return { left, top, width: right - left, height: bottom - top };
  }

  mmPerPixel(geometry: SliceGeometry): number {
    return (geometry.columns * geometry.columnSpacingMm) / this.imageRect(geometry).width;
  }
}
