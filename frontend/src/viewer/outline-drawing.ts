import { eventTarget, type Types, triggerEvent, utilities } from "@cornerstonejs/core";
import { AnnotationTool, annotation, Enums, type Types as ToolTypes } from "@cornerstonejs/tools";
import type { DrawingLayer } from "./drawing-layer";
import { fromPlane, intoImage, type SliceGeometry, settledPoint, toPlane } from "./geometry";
import { annotationOn } from "./mapping/annotation";
import { applyStroke, distanceToOutline, type Outline, type PlanePoint } from "./outline";
import type { SeriesStore } from "./series-store";
import { TOOLS } from "./tool-names";
import type { Vec3 } from "./types";

const { DefaultHistoryMemo } = utilities.HistoryMemo;
// As near as the library lets a mouse be to take hold of a drawing.
const REACH_PIXELS = 6;
// A tenth of a pixel of the image: far finer than a hand draws, and a tenth of the corners.
const TOLERANCE_PIXELS = 0.1;

interface Slice {
  imageId: string;
  geometry: SliceGeometry;
}

/** What strokes make of the outlines of a slice, and outlines carried on to the next slice. */
export class OutlineDrawing {
  private readonly element: () => HTMLDivElement | null;
  private readonly store: SeriesStore;
  private readonly layer: DrawingLayer;

  /** `element` answers the pane that is drawn on. */
  constructor(element: () => HTMLDivElement | null, store: SeriesStore, layer: DrawingLayer) {
    this.element = element;
    this.store = store;
    this.layer = layer;
  }

  /** Apply a stroke; a text says why it was not taken. `mmPerPixel` is that of the screen. */
  stroke(
    points: readonly Types.Point3[],
    imageId: string,
    question: string,
    mmPerPixel: number,
  ): string | null {
    const slice = this.slice(imageId);
    if (!slice) return null;
    const drawn = this.layer.outlinesOn(imageId, question);
    const outlines = drawn.map((one) => this.outlineOf(one, slice.geometry));
    const stroke = points.map((point) =>
      intoImage(toPlane([...point] as Vec3, slice.geometry), slice.geometry),
    );
    const pixelMm = Math.min(slice.geometry.rowSpacingMm, slice.geometry.columnSpacingMm);
    const reachMm = REACH_PIXELS * mmPerPixel;
    const outcome = applyStroke(outlines, stroke, {
      reachMm,
      toleranceMm: TOLERANCE_PIXELS * pixelMm,
      smallestMm2: pixelMm * pixelMm,
    });
    switch (outcome.kind) {
      case "new":
        this.add(slice, question, outcome.outline);
        return null;
      case "changed":
        this.change(drawn[outcome.place] as ToolTypes.Annotation, slice.geometry, outcome.outline);
        return null;
      case "nothing":
        this.select(stroke[0], drawn, outlines, reachMm);
        return null;
      case "refused":
        return outcome.text;
    }
  }

  /** Carry the outlines of one slice over to another one; a text says why nothing was carried. */
  copy(fromImageId: string, toImageId: string, question: string): string | null {
    const from = this.slice(fromImageId);
    const to = this.slice(toImageId);
    const drawn = this.layer.outlinesOn(fromImageId, question);
    if (!from || !to || drawn.length === 0) return "There is no outline on this slice to copy.";
    if (this.layer.outlinesOn(toImageId, question).length > 0) return "This slice has an outline already.";
    DefaultHistoryMemo.startGroupRecording();
    for (const one of drawn) this.add(to, question, this.outlineOf(one, from.geometry));
    DefaultHistoryMemo.endGroupRecording();
    return null;
  }

  private slice(imageId: string): Slice | null {
    const geometry = this.store.place(imageId)?.geometry;
    return geometry ? { imageId, geometry } : null;
  }

  private outlineOf(drawn: ToolTypes.Annotation, geometry: SliceGeometry): Outline {
    return (drawn.data.handles?.points ?? []).map((point) => toPlane([...point] as Vec3, geometry));
  }

  private add({ imageId, geometry }: Slice, question: string, outline: Outline): void {
    const uuid = utilities.uuidv4();
    const points = outline.map((place) => settledPoint(fromPlane(place, geometry), geometry));
    const place = { imageId, geometry, toolName: TOOLS.outline };
    const drawn = annotationOn(place, { uuid, points, question }) as ToolTypes.Annotation;
    annotation.state.addAnnotation(drawn, geometry.frameOfReferenceUid);
    this.remember(drawn, { newAnnotation: true });
    annotation.selection.setAnnotationSelected(uuid);
    triggerEvent(eventTarget, Enums.Events.ANNOTATION_MODIFIED, { annotation: drawn });
  }

  private change(drawn: ToolTypes.Annotation, geometry: SliceGeometry, outline: Outline): void {
    this.remember(drawn);
    const points = outline.map((place) => settledPoint(fromPlane(place, geometry), geometry));
    if (drawn.data.handles) drawn.data.handles.points = points.map(([x, y, z]): Types.Point3 => [x, y, z]);
    annotation.selection.setAnnotationSelected(drawn.annotationUID ?? "");
    triggerEvent(eventTarget, Enums.Events.ANNOTATION_MODIFIED, { annotation: drawn });
  }

  private remember(drawn: ToolTypes.Annotation, options?: { newAnnotation: boolean }): void {
    const element = this.element();
    if (element) AnnotationTool.createAnnotationMemo(element, drawn, options);
  }

  private select(
    place: PlanePoint | undefined,
    drawn: readonly ToolTypes.Annotation[],
    outlines: readonly Outline[],
    reachMm: number,
  ): void {
    const hit = outlines.findIndex((outline) => place && distanceToOutline(place, outline) <= reachMm);
    const uuid = drawn[hit]?.annotationUID;
    if (uuid === undefined) annotation.selection.deselectAnnotation();
    else annotation.selection.setAnnotationSelected(uuid);
  }
}
