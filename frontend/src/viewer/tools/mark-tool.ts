import { eventTarget, type Types, triggerEvent, utilities } from "@cornerstonejs/core";
import { annotation, drawing, Enums, ProbeTool, type Types as ToolTypes } from "@cornerstonejs/tools";
import { TOOLS } from "../tool-names";
import { appearanceOf } from "./appearance";

const { DefaultHistoryMemo } = utilities.HistoryMemo;
const RADIUS = 7;
const HALO = { color: "rgba(0, 0, 0, 0.45)", lineWidth: 4.5 };
const BEHIND = "rgba(0, 0, 0, 0.45)";
const NUMBER_OFFSET: Types.Point2 = [RADIUS + 3, -RADIUS - 3];

/** A numbered point, without the pixel value that the library writes beside its own. */
export class MarkTool extends ProbeTool {
  static override toolName = TOOLS.mark;

  constructor(...properties: ConstructorParameters<typeof ProbeTool>) {
    super(...properties);
    this.renderAnnotation = (enabled, svg) => this.drawMarks(enabled, svg);
  }

  /** Take back what is being set or dragged. Answers whether there was anything. */
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

  private drawMarks({ viewport }: Types.IEnabledElement, svg: ToolTypes.SVGDrawingHelper): boolean {
    const all = annotation.state.getAnnotations(this.getToolName(), viewport.element) ?? [];
    const shown = this.filterInteractableAnnotationsForElement(viewport.element, all) ?? [];
    for (const one of shown) {
      const uuid = one.annotationUID ?? "";
      const point = one.data.handles?.points?.[0];
      if (!point) continue;
      const center = viewport.worldToCanvas(point);
      const { color, lineWidth } = appearanceOf(one);
      drawing.drawCircle(svg, uuid, "halo", center, RADIUS, HALO);
      drawing.drawCircle(svg, uuid, "ring", center, RADIUS, { color, lineWidth });
      drawing.drawCircle(svg, uuid, "middle", center, 1, { color, lineWidth: 1, fill: color });
      const number = this.configuration.numberOf?.(uuid) as number | undefined;
      drawing.drawTextBox(
        svg,
        uuid,
        "number",
        [number === undefined ? "" : String(number)],
        [center[0] + NUMBER_OFFSET[0], center[1] + NUMBER_OFFSET[1]],
        {
          color,
          fontSize: "14px",
          fontFamily: '"Inter Variable", system-ui, sans-serif',
          padding: 0,
          background: BEHIND,
        },
      );
      if (one.invalidated) {
        one.invalidated = false;
        triggerEvent(eventTarget, Enums.Events.ANNOTATION_MODIFIED, { annotation: one });
      }
    }
    return shown.length > 0;
  }
}
