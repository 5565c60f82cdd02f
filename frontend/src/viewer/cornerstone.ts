import { getShouldUseCPURendering, init as initCore, utilities } from "@cornerstonejs/core";
import dicomImageLoader from "@cornerstonejs/dicom-image-loader";
import {
  addTool,
  annotation,
  BidirectionalTool,
  init as initTools,
  PanTool,
  StackScrollTool,
  WindowLevelTool,
  ZoomTool,
} from "@cornerstonejs/tools";
import { axesMm } from "./mapping/bidirectional";
import { dragWindow, fromRange, toRange, type ValueRange } from "./window";

const { DefaultHistoryMemo } = utilities.HistoryMemo;

interface DragArguments {
  deltaPointsCanvas: readonly number[];
  lower: number;
  upper: number;
}

/** Window by drag, in proportion to the image's own range: the library's takes steps of at least one gray value. */
export class RangeWindowTool extends WindowLevelTool {
  static override toolName = "RangeWindow";

  override getNewRange({ deltaPointsCanvas, lower, upper }: DragArguments): ValueRange {
    const [dx = 0, dy = 0] = deltaPointsCanvas;
    const start = fromRange({ lower, upper });
    const fullWidth = Number(this.configuration.fullWidth) || start.width;
    return toRange(dragWindow(start, dx, dy, fullWidth));
  }
}

/** Bidirectional measurement whose drawing Escape discards; the library's own cancel finishes it. */
export class MeasureTool extends BidirectionalTool {
  static override toolName = "Bidirectional";

  /** Take back what is being drawn or dragged. Answers whether there was anything. */
  discard(element: HTMLDivElement): boolean {
    const edit = this.editData;
    if (!this.isDrawing || !edit) return false;
    const hasMemo = Boolean(this.memo);
    this.cancel(element);
    this.doneEditMemo();
    if (hasMemo) DefaultHistoryMemo.undo();
    else if (edit.newAnnotation) annotation.state.removeAnnotation(edit.annotation.annotationUID ?? "");
    return true;
  }
}

export const TOOLS = {
  window: RangeWindowTool.toolName,
  pan: PanTool.toolName as string,
  zoom: ZoomTool.toolName as string,
  bidirectional: MeasureTool.toolName,
  scroll: StackScrollTool.toolName as string,
} as const;

const ANNOTATION_STYLE = {
  color: "rgb(240, 208, 96)",
  colorHighlighted: "rgb(255, 236, 160)",
  colorSelected: "rgb(255, 236, 160)",
  colorLocked: "rgb(176, 164, 120)",
  lineWidth: "1.5",
  textBoxFontFamily: '"Inter Variable", system-ui, sans-serif',
  textBoxFontSize: "13px",
  textBoxColor: "rgb(240, 208, 96)",
  textBoxColorHighlighted: "rgb(255, 236, 160)",
  textBoxColorSelected: "rgb(255, 236, 160)",
  textBoxColorLocked: "rgb(176, 164, 120)",
} as const;

let ready: Promise<void> | null = null;

/** Starts the library once for the life of the page. */
export function startCornerstone(): Promise<void> {
  ready ??= start().catch((error: unknown) => {
    ready = null;
    throw error;
  });
  return ready;
}

async function start(): Promise<void> {
  initCore();
  await initTools();
  dicomImageLoader.init({
    maxWebWorkers: Math.min(3, Math.max(1, Math.floor(navigator.hardwareConcurrency / 2))),
    // The loader asks for a multipart answer only; our server sends the bare frame.
    beforeSend: () => ({ Accept: "application/octet-stream, */*;q=0.1" }),
  });
  window.addEventListener("unhandledrejection", silenceFailedFrame);
  for (const tool of [RangeWindowTool, PanTool, ZoomTool, MeasureTool, StackScrollTool]) addTool(tool);
  const { style } = annotation.config;
  style.setDefaultToolStyles({ global: { ...style.getDefaultToolStyles().global, ...ANNOTATION_STYLE } });
}

/** A frame that fails also rejects a promise inside the cache that nobody holds; it is told where it is shown. */
function silenceFailedFrame(event: PromiseRejectionEvent): void {
  if (event.reason instanceof XMLHttpRequest) event.preventDefault();
}

/** The words beside a measurement, from its points as the form and the server have them. */
export function measurementText(data: { handles?: { points?: readonly (readonly number[])[] } }): string[] {
  const axes = axesMm(data.handles?.points ?? []);
  return axes && axes.long > 0 ? [`${axes.long.toFixed(1)} × ${axes.short.toFixed(1)} mm`] : [];
}

/** Whether images are drawn by the processor, for want of WebGL. */
export function drawsWithoutWebGl(): boolean {
  return getShouldUseCPURendering();
}
