import { WindowLevelTool } from "@cornerstonejs/tools";
import { TOOLS } from "../tool-names";
import { dragWindow, fromRange, toRange, type ValueRange } from "../window";

interface DragArguments {
  deltaPointsCanvas: readonly number[];
  lower: number;
  upper: number;
}

/** Window by drag, in proportion to the image's own range: the library's takes steps of at least one gray value. */
export class RangeWindowTool extends WindowLevelTool {
  static override toolName = TOOLS.window;

  override getNewRange({ deltaPointsCanvas, lower, upper }: DragArguments): ValueRange {
    const [dx = 0, dy = 0] = deltaPointsCanvas;
    const start = fromRange({ lower, upper });
    const fullWidth = Number(this.configuration.fullWidth) || start.width;
    return toRange(dragWindow(start, dx, dy, fullWidth));
  }
}
