import type { Types } from "@cornerstonejs/core";
import { cache } from "@cornerstonejs/core";
import { AnnotationTool, annotation, type Types as ToolTypes } from "@cornerstonejs/tools";
import { fromPlane, intoImage, settledPoint, toPlane } from "./geometry";
import type { DrawnAnnotation, SlicePlace } from "./mapping/annotation";
import { toNote } from "./mapping/note";
import type { PixelPoint, PixelValues } from "./measuring/region";
import { proposeShortAxis } from "./measuring/short-axis";
import { toPixel } from "./measuring/values";
import { annotationLines } from "./measuring/words";
import { applyStroke } from "./outline";
import type { SeriesStore } from "./series-store";
import { kindOf } from "./tool-names";
import type { Annotation, AnnotationKind, Vec3 } from "./types";

// A stroke that closes to less than this many pixels of the image is a slip of the hand.
const SMALLEST_PIXELS = 1;
const TOLERANCE_PIXELS = 0.1;

/** What annotations beside the form say, and what is drawn from the values of their slices. */
export class NoteLayer {
  private readonly store: SeriesStore;
  /** The last values of each, with what they were taken from. */
  private readonly told = new Map<string, { points: string; hasPixels: boolean; note: Annotation }>();

  constructor(store: SeriesStore, kept: readonly Annotation[]) {
    this.store = store;
    for (const note of kept) this.told.set(note.uuid, { points: "", hasPixels: false, note });
  }

  /** An annotation in our schema; null while it is not complete. */
  note(drawn: ToolTypes.Annotation): Annotation | null {
    const tool = kindOf(drawn.metadata?.toolName);
    const place = this.placeOf(drawn);
    const uuid = drawn.annotationUID;
    if (!tool || !place || uuid === undefined) return null;
    const before = this.told.get(uuid);
    const image = this.pixels(drawn.metadata?.referencedImageId);
    // While one is dragged the others are asked too, and their pixels need not be counted again.
    const points = JSON.stringify([drawn.data.handles?.points, drawn.data.label]);
    if (before?.points === points && before.hasPixels === (image !== null)) return before.note;
    const note = toNote(tool, drawn as DrawnAnnotation, place, image, before?.note);
    if (note) this.told.set(uuid, { points, hasPixels: image !== null, note });
    return note;
  }

  /** The lines of text beside an annotation, also while it is drawn. */
  lines(drawn: ToolTypes.Annotation): string[] {
    const { isUnfinished } = (drawn as DrawnAnnotation).data;
    const note = isUnfinished ? this.sketch(drawn) : this.note(drawn);
    return note ? annotationLines(note, this.unit(drawn.metadata?.referencedImageId)) : [];
  }

  /** The closed outline that a stroke makes; a text says why none, and no point that it was too short. */
  outline(points: readonly Types.Point3[], drawn: ToolTypes.Annotation): Types.Point3[] | string {
    const place = this.placeOf(drawn);
    if (!place) return [];
    const { geometry } = place;
    const stroke = points.map((point) => intoImage(toPlane([...point] as Vec3, geometry), geometry));
    const pixelMm = Math.min(geometry.rowSpacingMm, geometry.columnSpacingMm);
    const outcome = applyStroke([], stroke, {
      reachMm: pixelMm,
      toleranceMm: TOLERANCE_PIXELS * pixelMm,
      smallestMm2: SMALLEST_PIXELS * pixelMm * pixelMm,
    });
    if (outcome.kind === "refused") return outcome.text;
    if (outcome.kind !== "new") return [];
    return outcome.outline.map((one): Types.Point3 => [...settledPoint(fromPlane(one, geometry), geometry)]);
  }

  /** The ends of the short axis that the image shows across a long axis; null where it shows none. */
  shortAxis(drawn: ToolTypes.Annotation): [Types.Point3, Types.Point3] | null {
    const place = this.placeOf(drawn);
    const image = this.pixels(drawn.metadata?.referencedImageId);
    const [start, end] = drawn.data.handles?.points ?? [];
    if (!place || !image || !start || !end) return null;
    const { geometry } = place;
    const { rowSpacingMm, columnSpacingMm } = geometry;
    const axis = proposeShortAxis(
      { ...image, rowSpacingMm, columnSpacingMm },
      toPixel([...start] as Vec3, geometry),
      toPixel([...end] as Vec3, geometry),
    );
    const toPatient = ([column, row]: PixelPoint): Types.Point3 => [
      ...fromPlane([column * columnSpacingMm, row * rowSpacingMm], geometry),
    ];
    return axis && [toPatient(axis[0]), toPatient(axis[1])];
  }

  /** The stored value at a point of an image, with its place and unit; null beside the image or before it came. */
  valueAt(
    point: Vec3,
    imageId: string | undefined,
  ): { value: number; unit: string; column: number; row: number; frame: number } | null {
    const place = this.store.place(imageId);
    const geometry = place?.geometry;
    const image = this.pixels(imageId);
    if (!geometry || !image) return null;
    const [column, row] = toPixel(point, geometry).map(Math.round) as [number, number];
    if (column < 0 || row < 0 || column >= image.columns || row >= image.rows) return null;
    const value = image.values[row * image.columns + column];
    return value === undefined ? null : { value, unit: this.unit(imageId), column, row, frame: place.frame };
  }

  /** Write the text of a note or an arrow. */
  write(uuid: string, text: string, element: HTMLDivElement): void {
    const drawn = annotation.state.getAnnotation(uuid);
    if (!drawn || drawn.data.label === text) return;
    const isNew = kindOf(drawn.metadata?.toolName) === "text" && !drawn.data.label;
    if (!isNew) AnnotationTool.createAnnotationMemo(element, drawn);
    drawn.data.label = text;
    if (isNew) AnnotationTool.createAnnotationMemo(element, drawn, { newAnnotation: true });
    drawn.invalidated = true;
  }

  kindOf(uuid: string): AnnotationKind | undefined {
    return kindOf(annotation.state.getAnnotation(uuid)?.metadata?.toolName);
  }

  private sketch(drawn: ToolTypes.Annotation): Annotation | null {
    const tool = kindOf(drawn.metadata?.toolName);
    const place = this.placeOf(drawn);
    if (!tool || !place) return null;
    const finished = { ...drawn, data: { ...drawn.data, isUnfinished: false } } as DrawnAnnotation;
    return toNote(tool, finished, place, this.pixels(drawn.metadata?.referencedImageId));
  }

  private placeOf(drawn: ToolTypes.Annotation): SlicePlace | null {
    const place = this.store.place(drawn.metadata?.referencedImageId);
    return place?.geometry ? { ...place, geometry: place.geometry } : null;
  }

  private unit(imageId: string | undefined): string {
    return this.store.place(imageId)?.unit ?? "";
  }

  /** The rescaled values of an image that the browser holds now. */
  private pixels(imageId: string | undefined): PixelValues | null {
    const image = imageId === undefined ? undefined : cache.getImage(imageId);
    if (!image) return null;
    const values = image.voxelManager?.getScalarData() ?? image.getPixelData();
    return { values, rows: image.rows, columns: image.columns };
  }
}
