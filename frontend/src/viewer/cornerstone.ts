import { getShouldUseCPURendering, init as initCore } from "@cornerstonejs/core";
import dicomImageLoader from "@cornerstonejs/dicom-image-loader";
import {
  addTool,
  annotation,
  init as initTools,
  MagnifyTool,
  PanTool,
  StackScrollTool,
  ZoomTool,
} from "@cornerstonejs/tools";
import { trackFrames } from "./frames-under-way";
import { ANNOTATION_TOOLS } from "./tools/annotation-tool";
import { MarkTool } from "./tools/mark-tool";
import { MeasureTool } from "./tools/measure-tool";
import { OutlineTool } from "./tools/outline-tool";
import { HoverProbeTool } from "./tools/probe-tool";
import { RangeWindowTool } from "./tools/window-tool";

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
  // One context for all panes: each costs memory and time before the first image, and is drawn to in turn.
  initCore({ debug: { statsOverlay: false }, rendering: { webGlContextCount: 1 } });
  await initTools();
  dicomImageLoader.init({
    maxWebWorkers: Math.min(3, Math.max(1, Math.floor(navigator.hardwareConcurrency / 2))),
    // The loader asks for a multipart answer only; our server sends the bare frame.
    beforeSend: () => ({ Accept: "application/octet-stream, */*;q=0.1" }),
  });
  trackFrames();
  window.addEventListener("unhandledrejection", silenceFailedFrame);
  const tools = [
    RangeWindowTool,
    PanTool,
    ZoomTool,
    MagnifyTool,
    HoverProbeTool,
    MeasureTool,
    MarkTool,
    OutlineTool,
    ...ANNOTATION_TOOLS,
    StackScrollTool,
  ];
  for (const tool of tools) addTool(tool);
  const { style } = annotation.config;
  style.setDefaultToolStyles({ global: { ...style.getDefaultToolStyles().global, ...ANNOTATION_STYLE } });
}

/** A frame that fails also rejects a promise inside the cache that nobody holds; it is told where it is shown. */
function silenceFailedFrame(event: PromiseRejectionEvent): void {
  if (event.reason instanceof XMLHttpRequest) event.preventDefault();
}

/** Whether images are drawn by the processor, for want of WebGL. */
export function drawsWithoutWebGl(): boolean {
  return getShouldUseCPURendering();
}
