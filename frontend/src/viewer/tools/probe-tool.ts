import { BaseTool } from "@cornerstonejs/tools";
import { TOOLS } from "../tool-names";

/** Leaves the image alone: while it has the left button, the value under the mouse is told beside it. */
export class HoverProbeTool extends BaseTool {
  static override toolName = TOOLS.probe;
}
