import { Enums, type Types, utilities } from "@cornerstonejs/core";
import { drawsWithoutWebGl } from "./cornerstone";
import { orientationLetters, pixelToPatient, type SliceGeometry, scale } from "./geometry";
import { UNTURNED } from "./turn";
import type { DisplayWindow, ImageRect, OrientationLetters, Placement, Turn, ViewState } from "./types";
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
    // Without WebGL the function cannot be set, and asking for it throws; a ramp is made anew for every window.
    if (!drawsWithoutWebGl()) {
      this.viewport.setProperties({ VOILUTFunction: Enums.VOILUTFunctionType.LINEAR });
      this.renewRamp(window);
    }
    this.viewport.setProperties({ voiRange: toRange(window) });
    this.invert(this.isInverted);
  }

  /**
   * Let grays rise with the values.
   *
   * The library makes its ramp from the window in the metadata and only moves it from then on. A window at most 1 wide,
   * as ADC maps in mm²/s have, it takes for one that falls or has no width, and every later one with it.
   */
  private renewRamp(window: DisplayWindow): void {
    const ramp = utilities.createLinearRGBTransferFunction(toRange(window));
    if (this.viewport.getProperties()?.invert) utilities.invertRgbTransferFunction(ramp);
    const actor = this.viewport.getDefaultActor()?.actor as Types.ImageActor | undefined;
    actor?.getProperty()?.setRGBTransferFunction(0, ramp);
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

  /** Mirror what is on the screen. */
  flip(way: "horizontal" | "vertical"): void {
    const { flipHorizontal = false, flipVertical = false } = this.viewport.getCamera();
    this.viewport.setCamera(
      way === "horizontal" ? { flipHorizontal: !flipHorizontal } : { flipVertical: !flipVertical },
    );
    this.viewport.render();
  }

  /** Turn what is on the screen, clockwise. */
  rotate(degrees: number): void {
    const { rotation = 0, ...view } = this.viewport.getViewPresentation();
    this.viewport.setViewPresentation({ ...view, rotation: (rotation + degrees + 360) % 360 });
    this.viewport.render();
  }

  /** Back to the image as it was taken. */
  unturn(): void {
    const { flipHorizontal = false, flipVertical = false } = this.viewport.getCamera();
    if (flipHorizontal) this.flip("horizontal");
    if (flipVertical) this.flip("vertical");
    const { rotation = 0, ...view } = this.viewport.getViewPresentation();
    if (rotation !== 0) this.viewport.setViewPresentation({ ...view, rotation: 0 });
  }

  /** Turn an image that lies as it was taken. */
  turn({ isMirrored, rotation }: Turn): void {
    if (isMirrored) this.flip("horizontal");
    if (rotation !== 0) this.rotate(rotation);
  }

  /** Letters at the edges of the pane, however the image is turned. */
  letters(geometry: SliceGeometry): OrientationLetters {
    const across = this.onCanvas(geometry, geometry.columns, 0);
    const down = this.onCanvas(geometry, 0, geometry.rows);
    const { rowDirection, columnDirection } = geometry;
    const right =
      Math.abs(across[0]) >= Math.abs(down[0])
        ? scale(rowDirection, Math.sign(across[0]) || 1)
        : scale(columnDirection, Math.sign(down[0]) || 1);
    const bottom =
      Math.abs(down[1]) >= Math.abs(across[1])
        ? scale(columnDirection, Math.sign(down[1]) || 1)
        : scale(rowDirection, Math.sign(across[1]) || 1);
    return orientationLetters({ rowDirection: right, columnDirection: bottom });
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

  /** How the image lay when it was left, of one that lies as it was taken. */
  restore({ zoom, pan, turn = UNTURNED, isInverted = false }: ViewState, geometry: SliceGeometry): void {
    this.turn(turn);
    if (isInverted !== this.isInverted) this.invert(isInverted);
    this.viewport.setZoom(zoom);
    const mmPerPixel = this.mmPerPixel(geometry);
    this.viewport.setPan([pan[0] / mmPerPixel, pan[1] / mmPerPixel]);
    this.viewport.render();
  }

  imageRect(geometry: SliceGeometry): ImageRect {
    const { columns, rows } = geometry;
    const toCanvas = (column: number, row: number) =>
      this.viewport.worldToCanvas([...pixelToPatient(column, row, geometry)]);
    const [startX, startY] = toCanvas(-0.5, -0.5);
    const [endX, endY] = toCanvas(columns - 0.5, rows - 0.5);
    const [left, top] = [Math.min(startX, endX), Math.min(startY, endY)];
    return { left, top, width: Math.abs(endX - startX), height: Math.abs(endY - startY) };
  }

  mmPerPixel(geometry: SliceGeometry): number {
    const [x, y] = this.onCanvas(geometry, geometry.columns, 0);
    return (geometry.columns * geometry.columnSpacingMm) / Math.hypot(x, y);
  }

  placement(geometry: SliceGeometry): Placement {
    const [x, y] = this.viewport.worldToCanvas([...geometry.origin]);
    const perMm = ([toX, toY]: readonly [number, number], mm: number) => [toX / mm, toY / mm] as const;
    const { columns, rows, columnSpacingMm, rowSpacingMm } = geometry;
    return {
      origin: [x, y],
      along: perMm(this.onCanvas(geometry, columns, 0), columns * columnSpacingMm),
      down: perMm(this.onCanvas(geometry, 0, rows), rows * rowSpacingMm),
    };
  }

  /** Where so many columns and rows lead on the canvas. */
  private onCanvas(geometry: SliceGeometry, columns: number, rows: number): readonly [number, number] {
    const [x, y] = this.viewport.worldToCanvas([...pixelToPatient(0, 0, geometry)]);
    const [toX, toY] = this.viewport.worldToCanvas([...pixelToPatient(columns, rows, geometry)]);
    return [toX - x, toY - y];
  }
}
