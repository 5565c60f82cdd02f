import { eventTarget, utilities } from "@cornerstonejs/core";
import { AnnotationTool, annotation, Enums, type Types as ToolTypes } from "@cornerstonejs/tools";
import type { DrawnAnnotation, SlicePlace } from "./mapping/annotation";
import { toMeasurement } from "./mapping/bidirectional";
import { toContour } from "./mapping/contour";
import { toMark } from "./mapping/mark";
import { NoteLayer } from "./note-layer";
import type { SeriesStore } from "./series-store";
import { type WaitingDrawing, waitingDrawings } from "./stored-drawings";
import { DRAWING_TOOLS, kindOf, TOOLS } from "./tool-names";
import type { CaseDrawings, DrawingTool, StoredDrawings } from "./types";

const { DefaultHistoryMemo } = utilities.HistoryMemo;
const HISTORY_SIZE = 50;
const CHANGES = [
  Enums.Events.ANNOTATION_COMPLETED,
  Enums.Events.ANNOTATION_MODIFIED,
  Enums.Events.ANNOTATION_REMOVED,
  Enums.Events.ANNOTATION_ADDED,
];

interface LayerOptions {
  store: SeriesStore;
  initial: StoredDrawings;
  onChange: (drawings: CaseDrawings) => void;
  /** A new measurement or mark stands. */
  onCompleted: (event: Event) => void;
  /** The question that is drawn for now. */
  armed: () => string | null;
}

/** Everything drawn on a case: what stands on its slices, and what waits for a series that has not come yet. */
export class DrawingLayer {
  private readonly waiting = new Map<string, WaitingDrawing>();
  /** When each drawing was made, so that marks keep their numbers. */
  private readonly order = new Map<string, number>();
  private readonly options: LayerOptions;
  /** Questions whose marks and outlines are in sight; null: those of all. */
  private shown: readonly string[] | null = null;
  private isPublishing = false;
  private isLocked = false;
  private isDisposed = false;
  /** Annotations beside the form. */
  readonly notes: NoteLayer;

  constructor(options: LayerOptions) {
    this.options = options;
    this.notes = new NoteLayer(options.store, options.initial.annotations ?? []);
    for (const one of waitingDrawings(options.initial)) {
      this.waiting.set(one.uuid, one);
      this.order.set(one.uuid, this.order.size);
    }
    eventTarget.addEventListener(Enums.Events.ANNOTATION_ADDED, this.onAdded);
    for (const event of CHANGES) eventTarget.addEventListener(event, this.publishSoon);
    eventTarget.addEventListener(Enums.Events.ANNOTATION_COMPLETED, this.options.onCompleted);
  }

  /** Whether something kept waits for its series. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  get all(): CaseDrawings {
    const drawings: CaseDrawings = { measurements: [], marks: [], contours: [], annotations: [] };
    for (const one of this.waiting.values()) one.addTo(drawings);
    for (const drawn of this.annotations()) this.tell(drawn, drawings);
    const when = ({ uuid }: { uuid: string }) => this.order.get(uuid) ?? Number.POSITIVE_INFINITY;
    const { measurements, marks, contours, annotations } = drawings;
    for (const kind of [measurements, marks, contours, annotations]) {
      kind.sort((a: { uuid: string }, b: { uuid: string }) => when(a) - when(b));
    }
    return drawings;
  }

  /** The number of a mark among those of its question, from 1. */
  markNumber(uuid: string): number | undefined {
    const { marks } = this.all;
    const question = marks.find((one) => one.uuid === uuid)?.question;
    const place = marks.filter((one) => one.question === question).findIndex((one) => one.uuid === uuid);
    return place < 0 ? undefined : place + 1;
  }

  /** Put the kept drawings of the series prepared so far on their slices. */
  restore(): void {
    const { store } = this.options;
    let isNew = false;
    for (const one of [...this.waiting.values()]) {
      const imageId = one.imageId(store);
      const restored = imageId === undefined ? null : one.toAnnotation(imageId, store);
      if (!restored) continue;
      this.waiting.delete(one.uuid);
      annotation.state.addAnnotation(restored as ToolTypes.Annotation, restored.metadata.FrameOfReferenceUID);
      annotation.locking.setAnnotationLocked(one.uuid, this.isLocked);
      isNew = true;
    }
    this.showFor(this.shown);
    if (isNew) this.publishSoon();
  }

  /** Show the marks and outlines of these questions only; those of others are kept out of sight. */
  showFor(questions: readonly string[] | null): void {
    this.shown = questions;
    for (const one of this.annotations()) {
      const name = one.metadata?.toolName;
      if (name === TOOLS.bidirectional || kindOf(name)) continue;
      const isShown = questions === null || questions.includes((one as DrawnAnnotation).data.question ?? "");
      annotation.visibility.setAnnotationVisibility(one.annotationUID ?? "", isShown);
    }
  }

  /** Outlines of a question on an image. */
  outlinesOn(imageId: string, question: string): ToolTypes.Annotation[] {
    return this.annotations("outline").filter(
      (one) =>
        one.metadata?.referencedImageId === imageId && (one as DrawnAnnotation).data.question === question,
    );
  }

  rate(uuid: string, rating: string | number | null): void {
    if (this.isLocked) return;
    const drawn = annotation.state.getAnnotation(uuid) as DrawnAnnotation | undefined;
    if (!drawn) {
      this.waiting.get(uuid)?.rate?.(rating);
      this.publishSoon();
      return;
    }
    const before = drawn.data.rating ?? null;
    if (before === rating) return;
    this.writeRating(uuid, rating);
    const restoreMemo = (isUndo?: boolean) => this.writeRating(uuid, isUndo ? before : rating);
    DefaultHistoryMemo.push({ id: uuid, operationType: "annotation", restoreMemo });
  }

  /** On the mark as it is now: one that was removed and brought back is another object. */
  private writeRating(uuid: string, rating: string | number | null): void {
    const drawn = annotation.state.getAnnotation(uuid) as DrawnAnnotation | undefined;
    if (drawn) drawn.data.rating = rating;
    this.publishSoon();
  }

  /** Take hold of a drawing, as a click on it does. */
  select(uuid: string): void {
    if (annotation.state.getAnnotation(uuid)) annotation.selection.setAnnotationSelected(uuid);
  }

  /** Keep the text written for a note or an arrow; null leaves it as it was. A note without a text is none. */
  finishWriting(uuid: string, text: string | null, element: HTMLDivElement): void {
    if (this.isLocked) return;
    const before = annotation.state.getAnnotation(uuid)?.data.label ?? "";
    const after = text === null ? before : text.trim();
    const isNote = this.notes.kindOf(uuid) === "text";
    if (after !== "" || !isNote) this.notes.write(uuid, after, element);
    else if (before !== "") this.remove(uuid, element);
    else annotation.state.removeAnnotation(uuid);
    this.publishSoon();
  }

  remove(uuid: string, element: HTMLDivElement): void {
    if (this.isLocked) return;
    if (this.waiting.delete(uuid)) {
      this.publishSoon();
      return;
    }
    const drawn = annotation.state.getAnnotation(uuid);
    if (!drawn) return;
    AnnotationTool.createAnnotationMemo(element, drawn, { deleting: true });
    annotation.state.removeAnnotation(uuid);
  }

  /** Remove what is selected on the image, or else the last that was drawn with the tool: an outline in sight only. */
  removeSelectedOrLast(element: HTMLDivElement, tool: DrawingTool | null, imageId: string | undefined): void {
    const own = this.annotations(tool ?? undefined);
    const selected = annotation.selection.getAnnotationsSelected().at(-1);
    const inReach = own.filter(
      ({ isVisible, metadata }) =>
        isVisible && (metadata?.toolName !== TOOLS.outline || metadata.referencedImageId === imageId),
    );
    const when = (one: ToolTypes.Annotation) => this.order.get(one.annotationUID ?? "") ?? 0;
    const last = inReach.sort((a, b) => when(a) - when(b)).at(-1)?.annotationUID;
    const isMarked = inReach.some((one) => one.annotationUID === selected);
    const uuid = isMarked ? selected : last;
    if (uuid !== undefined) this.remove(uuid, element);
  }

  lock(isLocked: boolean): void {
    this.isLocked = isLocked;
    for (const one of this.annotations()) {
      annotation.locking.setAnnotationLocked(one.annotationUID ?? "", isLocked);
    }
  }

  /** Tell of what is drawn now, if that has not been done. */
  publish(): void {
    if (!this.isPublishing) return;
    this.isPublishing = false;
    this.options.onChange(this.all);
  }

  dispose(): void {
    // What was drawn in the last frame is still told.
    if (!this.isLocked) this.publish();
    this.isDisposed = true;
    eventTarget.removeEventListener(Enums.Events.ANNOTATION_ADDED, this.onAdded);
    for (const event of CHANGES) eventTarget.removeEventListener(event, this.publishSoon);
    eventTarget.removeEventListener(Enums.Events.ANNOTATION_COMPLETED, this.options.onCompleted);
    annotation.state.removeAllAnnotations();
    // The ring of undo steps is one for the page: a new case must not reach into the last one.
    DefaultHistoryMemo.size = HISTORY_SIZE;
  }

  private annotations(only?: DrawingTool): ToolTypes.Annotation[] {
    const names: string[] = (only ? [only] : DRAWING_TOOLS).map((tool) => TOOLS[tool]);
    return annotation.state
      .getAllAnnotations()
      .filter(
        ({ metadata }) =>
          names.includes(metadata?.toolName ?? "") && this.options.store.place(metadata?.referencedImageId),
      );
  }

  private tell(drawn: ToolTypes.Annotation, drawings: CaseDrawings): void {
    const place = this.options.store.place(drawn.metadata?.referencedImageId);
    if (!place?.geometry) return;
    const slice: SlicePlace = { ...place, geometry: place.geometry };
    switch (drawn.metadata?.toolName) {
      case TOOLS.bidirectional: {
        const measurement = toMeasurement(drawn as DrawnAnnotation, slice);
        if (measurement && measurement.long_axis_mm > 0) drawings.measurements.push(measurement);
        break;
      }
      case TOOLS.mark: {
        const mark = toMark(drawn as DrawnAnnotation, slice);
        if (mark) drawings.marks.push(mark);
        break;
      }
      case TOOLS.outline: {
        const step = this.options.store.info(place.series)?.sliceStepMm ?? null;
        const contour = toContour(drawn as DrawnAnnotation, slice, step);
        if (contour) drawings.contours.push(contour);
        break;
      }
      default: {
        const note = this.notes.note(drawn);
        if (note) drawings.annotations.push(note);
      }
    }
  }

  private readonly onAdded = (event: Event): void => {
    const drawn = (event as CustomEvent<{ annotation: ToolTypes.Annotation }>).detail.annotation;
    const uuid = drawn.annotationUID ?? "";
    if (!this.order.has(uuid)) this.order.set(uuid, this.order.size);
    const { data } = drawn as DrawnAnnotation;
    if (data.question === undefined) data.question = this.options.armed();
  };

  /** A drag tells of itself with every mouse move; one message a frame is enough. */
  private readonly publishSoon = (): void => {
    if (this.isPublishing) return;
    this.isPublishing = true;
    requestAnimationFrame(() => {
      if (!this.isDisposed) this.publish();
    });
  };
}
