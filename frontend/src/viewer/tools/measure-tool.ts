import { utilities } from "@cornerstonejs/core";
import { annotation, BidirectionalTool } from "@cornerstonejs/tools";
import { axesMm } from "../mapping/bidirectional";
import { TOOLS } from "../tool-names";

const { DefaultHistoryMemo } = utilities.HistoryMemo;

/** Bidirectional measurement whose drawing Escape discards; the library's own cancel finishes it. */
export class MeasureTool extends BidirectionalTool {
  static override toolName = TOOLS.bidirectional;

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

/** The words beside a measurement, from its points as the form and the server have them. */
export function measurementText(data: { handles?: { points?: readonly (readonly number[])[] } }): string[] {
  const axes = axesMm(data.handles?.points ?? []);
  return axes && axes.long > 0 ? [`${axes.long.toFixed(1)} × ${axes.short.toFixed(1)} mm`] : [];
}
