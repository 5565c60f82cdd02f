import { eventTarget, type Types, triggerEvent, utilities } from "@cornerstonejs/core";
import { annotation, BidirectionalTool, Enums, type Types as ToolTypes } from "@cornerstonejs/tools";
import type { DrawnAnnotation } from "../mapping/annotation";
import { axesMm } from "../mapping/bidirectional";
import { TOOLS } from "../tool-names";

const { DefaultHistoryMemo } = utilities.HistoryMemo;

/** Bidirectional measurement whose drawing Escape discards; the library's own cancel finishes it. */
export class MeasureTool extends BidirectionalTool {
  static override toolName = TOOLS.bidirectional;

  /** The ends of the short axis that the image shows across a long axis; null where it shows none. */
  propose: (drawn: ToolTypes.Annotation) => [Types.Point3, Types.Point3] | null = () => null;

  constructor(...properties: ConstructorParameters<typeof BidirectionalTool>) {
    super(...properties);
    const end = this._endCallback;
    this._endCallback = (event) => {
      const edit = this.editData;
      if (edit?.newAnnotation && edit.hasMoved) this.takeProposal(edit.annotation);
      end(event);
    };
  }

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

  private takeProposal(drawn: ToolTypes.Annotation): void {
    const ends = this.propose(drawn);
    if (!ends || !drawn.data.handles) return;
    const [start, end] = drawn.data.handles.points ?? [];
    if (!start || !end) return;
    drawn.data.handles.points = [start, end, ...ends];
    (drawn as DrawnAnnotation).data.isProposed = true;
    drawn.invalidated = true;
    triggerEvent(eventTarget, Enums.Events.ANNOTATION_MODIFIED, { annotation: drawn });
  }
}

/** The words beside a measurement, from its points as the form and the server have them. */
export function measurementText(data: { handles?: { points?: readonly (readonly number[])[] } }): string[] {
  const axes = axesMm(data.handles?.points ?? []);
  return axes && axes.long > 0 ? [`${axes.long.toFixed(1)} × ${axes.short.toFixed(1)} mm`] : [];
}
