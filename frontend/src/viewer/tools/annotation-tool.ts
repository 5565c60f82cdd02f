import { eventTarget, getEnabledElement, type Types, triggerEvent, utilities } from "@cornerstonejs/core";
import {
  AnnotationTool,
  annotation,
  drawing,
  Enums,
  type Types as ToolTypes,
  utilities as toolUtilities,
} from "@cornerstonejs/tools";
import type { DrawnAnnotation } from "../mapping/annotation";
import { TOOLS } from "../tool-names";
import type { AnnotationKind } from "../types";
import { distanceToLines, type Place, SHAPES, type Shape } from "./shapes";

const { DefaultHistoryMemo } = utilities.HistoryMemo;
const { Events } = Enums;
const CONFIGURATION = { supportedInteractionTypes: ["Mouse", "Touch"], configuration: {} };

// A line in one color is lost on an image that has its gray.
const HALO = { color: "rgb(0, 0, 0)", strokeOpacity: 0.45, lineWidth: 4, lineJoin: "round" } as const;
const COLOR = "rgb(240, 208, 96)";
const SELECTED = "rgb(255, 255, 255)";
const TEXT_STYLE = {
  fontSize: "13px",
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  padding: 2,
  background: "rgba(0, 0, 0, 0.55)",
};
const HANDLE_RADIUS = 4;
const TEXT_OFFSET = 10;
// Less than this is a click and not a drag.
const STILL_PIXELS = 3;

type Interaction = Parameters<AnnotationTool["addNewAnnotation"]>[0];
type Enabled = Types.IEnabledElement["viewport"];

interface Edit {
  drawn: ToolTypes.Annotation;
  /** The step of a new drawing; null while one that stands is changed. */
  step: number | null;
  /** The point that is pulled; null moves the whole. */
  handle: number | null;
  start: Place;
  hasMoved: boolean;
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Told by the tools of annotations, and asked. */
export interface AnnotationHooks {
  /** The lines of text beside an annotation. */
  linesOf: (drawn: ToolTypes.Annotation) => string[];
  /** What a finished stroke encloses; a text says why nothing. */
  outlineOf: (points: Types.Point3[], drawn: ToolTypes.Annotation) => Types.Point3[] | string;
  onRefused: (text: string) => void;
  /** A new annotation stands whose text is to be written. */
  onWrite: (uuid: string) => void;
}

/**
 * Draws, shows, moves and changes annotations of one kind.
 *
 * The library's own tools ask for texts by `prompt`, take their statistics from what the display decoded, and finish a
 * drawing on Escape.
 */
export abstract class ShapeTool extends AnnotationTool {
  abstract readonly kind: AnnotationKind;
  hooks: AnnotationHooks | null = null;
  private edit: Edit | null = null;
  /** Where the text of each annotation stands on a pane, by viewport and annotation. */
  private readonly boxes = new Map<string, Box>();

  constructor(properties: ConstructorParameters<typeof AnnotationTool>[0] = {}) {
    super(properties, CONFIGURATION);
  }

  private get shape(): Shape {
    return SHAPES[this.kind];
  }

  override addNewAnnotation = (event: Interaction): ToolTypes.Annotation => {
    const { element, currentPoints } = event.detail;
    const { viewport } = getEnabledElement(element) as Types.IEnabledElement;
    const made = (this.constructor as typeof ShapeTool).createAnnotationForViewport(viewport, {
      data: { handles: { points: [] }, label: "", question: null, isUnfinished: true },
    }) as ToolTypes.Annotation;
    const start = placeOf(currentPoints.canvas);
    this.setPoints(made, viewport, this.shape.begin(start));
    annotation.state.addAnnotation(made, element);
    this.begin(element, { drawn: made, step: 0, handle: null, start, hasMoved: false });
    event.preventDefault();
    return made;
  };

  override toolSelectedCallback = (event: Interaction, drawn: ToolTypes.Annotation): void => {
    this.change(event, drawn, null);
  };

  override handleSelectedCallback = (
    event: Interaction,
    drawn: ToolTypes.Annotation,
    handle: ToolTypes.ToolHandle,
  ): void => {
    const points = drawn.data.handles?.points ?? [];
    const place = points.indexOf(handle as Types.Point3);
    this.change(event, drawn, place < 0 ? null : place);
  };

  override getHandleNearImagePoint(
    element: HTMLDivElement,
    drawn: ToolTypes.Annotation,
    canvas: Types.Point2,
    proximity: number,
  ): ToolTypes.ToolHandle | undefined {
    const viewport = getEnabledElement(element)?.viewport;
    if (!viewport || !this.shape.hasHandles) return undefined;
    return drawn.data.handles?.points?.find((point) => {
      const [x, y] = viewport.worldToCanvas(point);
      return Math.hypot(x - canvas[0], y - canvas[1]) < proximity;
    });
  }

  override isPointNearTool = (
    element: HTMLDivElement,
    drawn: ToolTypes.Annotation,
    canvas: Types.Point2,
    proximity: number,
  ): boolean => {
    const viewport = getEnabledElement(element)?.viewport;
    if (!viewport) return false;
    const lines = this.shape.lines(canvasPoints(drawn, viewport));
    if (distanceToLines(placeOf(canvas), lines) <= proximity) return true;
    const box = this.boxes.get(`${viewport.id} ${drawn.annotationUID}`);
    return box !== undefined && isIn(box, canvas);
  };

  override cancel = (element: HTMLDivElement): void => void this.discard(element);

  /** Take back what is being drawn or changed. Answers whether there was anything. */
  discard(element: HTMLDivElement): boolean {
    const { edit } = this;
    if (!edit) return false;
    const hasMemo = Boolean(this.memo);
    this.finish(element);
    if (hasMemo) DefaultHistoryMemo.undo();
    else if (edit.step !== null) annotation.state.removeAnnotation(edit.drawn.annotationUID ?? "");
    return true;
  }

  override renderAnnotation = (
    { viewport }: Types.IEnabledElement,
    svg: ToolTypes.SVGDrawingHelper,
  ): boolean => {
    const all = annotation.state.getAnnotations(this.getToolName(), viewport.element) ?? [];
    const shown = this.filterInteractableAnnotationsForElement(viewport.element, all) ?? [];
    for (const one of shown) this.draw(one, viewport, svg);
    return shown.length > 0;
  };

  override _dragCallback = (event: Interaction): void => {
    const { edit } = this;
    const { element, currentPoints, deltaPoints } = event.detail;
    const viewport = getEnabledElement(element)?.viewport;
    if (!edit || !viewport) return;
    const at = placeOf(currentPoints.canvas);
    edit.hasMoved ||= Math.hypot(at[0] - edit.start[0], at[1] - edit.start[1]) > STILL_PIXELS;
    if (!edit.hasMoved && edit.step === null) return;
    // A new drawing can be undone once it stands: what is discarded must not come back by redo.
    if (edit.step === null) this.createMemo(element, edit.drawn);
    const points = canvasPoints(edit.drawn, viewport);
    if (edit.step !== null) this.setPoints(edit.drawn, viewport, this.shape.drag(points, at, edit.step));
    else if (edit.handle !== null) {
      this.setPoints(edit.drawn, viewport, this.shape.pull(points, edit.handle, at));
    } else shift(edit.drawn, deltaPoints.world);
    this.tell(edit.drawn, element);
  };

  override _endCallback = (event: Interaction): void => {
    const { edit } = this;
    const { element } = event.detail;
    if (!edit) return;
    if (edit.step === null) {
      this.finish(element);
      return;
    }
    // Clicked and not dragged: the drawing goes on with the mouse until the next click.
    if (this.shape.steps > 0 && !edit.hasMoved && !this.shape.isStroke) return;
    if (edit.step + 1 < this.shape.steps) {
      edit.step += 1;
      edit.start = placeOf(event.detail.currentPoints.canvas);
      edit.hasMoved = false;
      return;
    }
    this.complete(element, edit.drawn);
  };

  private complete(element: HTMLDivElement, drawn: ToolTypes.Annotation): void {
    const uuid = drawn.annotationUID ?? "";
    if (this.shape.isStroke) {
      const outline = this.hooks?.outlineOf([...(drawn.data.handles?.points ?? [])], drawn) ?? [];
      if (typeof outline === "string" || outline.length === 0) {
        this.discard(element);
        if (typeof outline === "string") this.hooks?.onRefused(outline);
        return;
      }
      if (drawn.data.handles) drawn.data.handles.points = outline;
    }
    (drawn as DrawnAnnotation).data.isUnfinished = false;
    // A note stands once it is written.
    if (this.kind !== "text") this.createMemo(element, drawn, { newAnnotation: true });
    this.finish(element);
    annotation.selection.setAnnotationSelected(uuid);
    this.tell(drawn, element);
    triggerEvent(eventTarget, Events.ANNOTATION_COMPLETED, { annotation: drawn });
    if (this.kind === "text" || this.kind === "arrow") this.hooks?.onWrite(uuid);
  }

  private change(event: Interaction, drawn: ToolTypes.Annotation, handle: number | null): void {
    const { element, currentPoints } = event.detail;
    const start = placeOf(currentPoints.canvas);
    this.begin(element, { drawn, step: null, handle, start, hasMoved: false });
    event.preventDefault();
  }

  private begin(element: HTMLDivElement, edit: Edit): void {
    this.edit = edit;
    this.isDrawing = true;
    edit.drawn.highlighted = true;
    this._activateModify(element);
    const isFollowed = edit.step !== null && !this.shape.isStroke;
    if (isFollowed) element.addEventListener(Events.MOUSE_MOVE, this._dragCallback as EventListener);
    this.redraw(element);
  }

  private finish(element: HTMLDivElement): void {
    if (this.edit) this.edit.drawn.highlighted = false;
    this.edit = null;
    this.isDrawing = false;
    this._deactivateModify(element);
    element.removeEventListener(Events.MOUSE_MOVE, this._dragCallback as EventListener);
    this.doneEditMemo();
    this.redraw(element);
  }

  private tell(drawn: ToolTypes.Annotation, element: HTMLDivElement): void {
    drawn.invalidated = true;
    const viewport = getEnabledElement(element)?.viewport;
    triggerEvent(eventTarget, Events.ANNOTATION_MODIFIED, { annotation: drawn, viewportId: viewport?.id });
    this.redraw(element);
  }

  private redraw(element: HTMLDivElement): void {
    const shown = toolUtilities.viewportFilters.getViewportIdsWithToolToRender(element, this.getToolName());
    toolUtilities.triggerAnnotationRenderForViewportIds(shown);
  }

  private setPoints(drawn: ToolTypes.Annotation, viewport: Enabled, places: readonly Place[]): void {
    if (!drawn.data.handles) return;
    drawn.data.handles.points = places.map(([x, y]): Types.Point3 => [...viewport.canvasToWorld([x, y])]);
  }

  private draw(one: ToolTypes.Annotation, viewport: Enabled, svg: ToolTypes.SVGDrawingHelper): void {
    const uuid = one.annotationUID ?? "";
    const points = canvasPoints(one, viewport);
    const { color, lineWidth } = styleOf(one);
    this.shape.lines(points).forEach(({ points: line, isClosed: closePath }, place) => {
      const corners = line.map(([x, y]): Types.Point2 => [x, y]);
      drawing.drawPath(svg, uuid, `halo ${place}`, corners, { ...HALO, closePath });
      drawing.drawPath(svg, uuid, `line ${place}`, corners, {
        color,
        lineWidth,
        lineJoin: "round",
        closePath,
      });
    });
    const isOpen = one.highlighted || annotation.selection.isAnnotationSelected(uuid);
    if (isOpen && this.shape.hasHandles) {
      const handles = points.map(([x, y]): Types.Point2 => [x, y]);
      drawing.drawHandles(svg, uuid, "handles", handles, { color, handleRadius: String(HANDLE_RADIUS) });
    }
    this.drawText(one, viewport, svg, points, color);
    one.invalidated = false;
  }

  private drawText(
    one: ToolTypes.Annotation,
    viewport: Enabled,
    svg: ToolTypes.SVGDrawingHelper,
    points: readonly Place[],
    color: string,
  ): void {
    const uuid = one.annotationUID ?? "";
    const lines = this.edit?.drawn === one && this.shape.isStroke ? [] : (this.hooks?.linesOf(one) ?? []);
    const at = `${viewport.id} ${uuid}`;
    const anchor = this.kind === "arrow" ? points[1] : rightmost(points);
    if (lines.length === 0 || !anchor) {
      this.boxes.delete(at);
      return;
    }
    const offset = this.kind === "text" ? 0 : TEXT_OFFSET;
    const place: Types.Point2 = [anchor[0] + offset, anchor[1] - TEXT_OFFSET];
    const { x, y, width, height } = drawing.drawTextBox(svg, uuid, "text", lines, place, {
      ...TEXT_STYLE,
      color,
    });
    this.boxes.set(at, { left: x, top: y, width, height });
  }
}

/** One class for each kind: the library knows a tool by its class. */
function toolOf(kind: AnnotationKind) {
  return class extends ShapeTool {
    static override toolName = TOOLS[kind];
    override readonly kind = kind;
  };
}

export const ANNOTATION_TOOLS = (["length", "angle", "ellipse", "freehand", "arrow", "text"] as const).map(
  toolOf,
);

const placeOf = ([x, y]: Types.Point2): Place => [x, y];

function canvasPoints(drawn: ToolTypes.Annotation, viewport: Enabled): Place[] {
  return (drawn.data.handles?.points ?? []).map((point) => placeOf(viewport.worldToCanvas(point)));
}

function shift(drawn: ToolTypes.Annotation, by: Types.Point3): void {
  if (!drawn.data.handles) return;
  drawn.data.handles.points = (drawn.data.handles.points ?? []).map(
    ([x, y, z]): Types.Point3 => [x + by[0], y + by[1], z + by[2]],
  );
}

function rightmost(points: readonly Place[]): Place | undefined {
  return points.reduce<Place | undefined>((best, one) => (best && best[0] >= one[0] ? best : one), undefined);
}

function isIn({ left, top, width, height }: Box, [x, y]: Types.Point2): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

function styleOf(drawn: ToolTypes.Annotation): { color: string; lineWidth: number } {
  if (annotation.selection.isAnnotationSelected(drawn.annotationUID ?? "")) {
    return { color: SELECTED, lineWidth: 2.5 };
  }
  return { color: COLOR, lineWidth: drawn.highlighted ? 2.5 : 1.5 };
}
