import { getEnabledElement, type Types } from "@cornerstonejs/core";
import {
  AnnotationTool,
  annotation,
  drawing,
  type Types as ToolTypes,
  utilities,
} from "@cornerstonejs/tools";
import { distanceToOutline, type PlanePoint } from "../outline";
import { TOOLS } from "../tool-names";
import { appearanceOf, questionColor } from "./appearance";

const CONFIGURATION = { supportedInteractionTypes: ["Mouse", "Touch"], configuration: {} };

// A line in one color is lost on an image that has its gray.
const HALO = { color: "rgb(0, 0, 0)", strokeOpacity: 0.45, lineWidth: 4, lineJoin: "round" } as const;

type Interaction = Parameters<AnnotationTool["addNewAnnotation"]>[0];

/**
 * Draws strokes with the mouse and shows outlines. What a stroke makes of the outlines is not decided here.
 *
 * The library's own freehand tool leaves hundreds of corners, bridges crossings with slits, and finishes a drawing on
 * Escape.
 */
export class OutlineTool extends AnnotationTool {
  static override toolName = TOOLS.outline;

  /** Told of a stroke in patient coordinates when the mouse is let go. */
  onStroke: (points: Types.Point3[]) => void = () => undefined;
  /** The question that is drawn for, for the color of the stroke. */
  question: string | null = null;
  private stroke: Types.Point3[] | null = null;
  /** Where the stroke is drawn: other panes do not show it. */
  private strokeElement: HTMLDivElement | null = null;

  constructor(properties: ConstructorParameters<typeof AnnotationTool>[0] = {}) {
    super(properties, CONFIGURATION);
  }

  override addNewAnnotation = (event: Interaction): null => {
    this.begin(event);
    return null;
  };

  override toolSelectedCallback = (event: Interaction): void => this.begin(event);

  override handleSelectedCallback = (event: Interaction): void => this.begin(event);

  override getHandleNearImagePoint(): undefined {
    return undefined;
  }

  override isPointNearTool = (
    element: HTMLDivElement,
    drawn: ToolTypes.Annotation,
    canvas: Types.Point2,
    proximity: number,
  ): boolean => {
    const viewport = getEnabledElement(element)?.viewport;
    const corners = drawn.data.handles?.points ?? [];
    if (!viewport || corners.length < 3) return false;
    const outline = corners.map((point): PlanePoint => viewport.worldToCanvas(point));
    return distanceToOutline(canvas, outline) <= proximity;
  };

  override cancel = (element: HTMLDivElement): void => void this.discard(element);

  /** Forget the stroke under way. Answers whether there was any. */
  discard(element: HTMLDivElement): boolean {
    if (this.stroke === null) return false;
    this.finish(element);
    return true;
  }

  override renderAnnotation = (
    { viewport }: Types.IEnabledElement,
    svg: ToolTypes.SVGDrawingHelper,
  ): boolean => {
    const all = annotation.state.getAnnotations(this.getToolName(), viewport.element) ?? [];
    const shown = this.filterInteractableAnnotationsForElement(viewport.element, all) ?? [];
    for (const one of shown) {
      const { color, lineWidth } = appearanceOf(one);
      const corners = (one.data.handles?.points ?? []).map((point) => viewport.worldToCanvas(point));
      const uuid = one.annotationUID ?? "";
      drawing.drawPath(svg, uuid, "halo", corners, { ...HALO, closePath: true });
      drawing.drawPath(svg, uuid, "outline", corners, {
        color,
        lineWidth,
        lineJoin: "round",
        closePath: true,
      });
    }
    if (this.stroke && viewport.element === this.strokeElement) {
      const line = this.stroke.map((point) => viewport.worldToCanvas(point));
      const color = questionColor(this.question);
      drawing.drawPath(svg, "stroke", "halo", line, HALO);
      drawing.drawPath(svg, "stroke", "stroke", line, { color, lineWidth: 1.5, lineJoin: "round" });
    }
    return shown.length > 0;
  };

  override _dragCallback = (event: Interaction): void => {
    const { element, currentPoints } = event.detail;
    this.stroke?.push([...currentPoints.world]);
    this.redraw(element);
  };

  override _endCallback = (event: Interaction): void => {
    const { element } = event.detail;
    const { stroke } = this;
    this.finish(element);
    if (stroke) this.onStroke(stroke);
  };

  private begin(event: Interaction): void {
    const { element, currentPoints } = event.detail;
    this.stroke = [[...currentPoints.world]];
    this.strokeElement = element;
    this.isDrawing = true;
    this._activateModify(element);
    event.preventDefault();
  }

  private finish(element: HTMLDivElement): void {
    this.stroke = null;
    this.isDrawing = false;
    this._deactivateModify(element);
    this.redraw(element);
  }

  private redraw(element: HTMLDivElement): void {
    const viewportId = getEnabledElement(element)?.viewportId;
    if (viewportId) utilities.triggerAnnotationRenderForViewportIds([viewportId]);
  }
}
