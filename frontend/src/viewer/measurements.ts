import { eventTarget, utilities } from "@cornerstonejs/core";
import { annotation, Enums, type Types as ToolTypes } from "@cornerstonejs/tools";
import { MeasureTool, TOOLS } from "./cornerstone";
import { toAnnotation, toMeasurement } from "./mapping/bidirectional";
import type { PreparedSeries, SeriesStore } from "./series-store";
import type { BidirectionalMeasurement } from "./types";

const { DefaultHistoryMemo } = utilities.HistoryMemo;
const HISTORY_SIZE = 50;
const CHANGES = [
  Enums.Events.ANNOTATION_COMPLETED,
  Enums.Events.ANNOTATION_MODIFIED,
  Enums.Events.ANNOTATION_REMOVED,
  Enums.Events.ANNOTATION_ADDED,
];

/** The measurements of a case: those drawn, and those of series that have not been shown yet. */
export class MeasurementLayer {
  private readonly waiting = new Map<string, BidirectionalMeasurement>();
  private readonly store: SeriesStore;
  private readonly onChange: (measurements: BidirectionalMeasurement[]) => void;
  private readonly onCompleted: () => void;
  private isPublishing = false;
  private isLocked = false;
  private isDisposed = false;

  constructor(options: {
    store: SeriesStore;
    initial: readonly BidirectionalMeasurement[];
    onChange: (measurements: BidirectionalMeasurement[]) => void;
    onCompleted: () => void;
  }) {
    this.store = options.store;
    this.onChange = options.onChange;
    this.onCompleted = options.onCompleted;
    for (const measurement of options.initial) this.waiting.set(measurement.uuid, measurement);
    for (const event of CHANGES) eventTarget.addEventListener(event, this.publishSoon);
    eventTarget.addEventListener(Enums.Events.ANNOTATION_COMPLETED, this.onCompleted);
  }

  get all(): BidirectionalMeasurement[] {
    const drawn = this.annotations().flatMap((one) => this.measurementOf(one) ?? []);
    return [...this.waiting.values(), ...drawn];
  }

  /** Put the stored measurements of a series on its slices. */
  restore(prepared: PreparedSeries): void {
    for (const measurement of [...this.waiting.values()]) {
      if (measurement.series !== prepared.series.index) continue;
      const imageId = prepared.imageIds[measurement.frame - 1];
      const geometry = prepared.geometries[measurement.frame - 1];
      if (imageId === undefined || !geometry) continue;
      this.waiting.delete(measurement.uuid);
      const restored = toAnnotation(measurement, { imageId, geometry, toolName: TOOLS.bidirectional });
      annotation.state.addAnnotation(restored as ToolTypes.Annotation, geometry.frameOfReferenceUid);
      annotation.locking.setAnnotationLocked(measurement.uuid, this.isLocked);
    }
  }

  remove(uuid: string, element: HTMLDivElement): void {
    if (this.isLocked) return;
    if (this.waiting.delete(uuid)) {
      this.publishSoon();
      return;
    }
    const drawn = annotation.state.getAnnotation(uuid);
    if (!drawn) return;
    MeasureTool.createAnnotationMemo(element, drawn, { deleting: true });
    annotation.state.removeAnnotation(uuid);
  }

  /** Remove the measurement that is selected on the image, or the last one. */
  removeSelectedOrLast(element: HTMLDivElement): void {
    const selected = annotation.selection.getAnnotationsSelected().at(-1);
    const uuid = this.all.find((one) => one.uuid === selected)?.uuid ?? this.all.at(-1)?.uuid;
    if (uuid !== undefined) this.remove(uuid, element);
  }

  lock(isLocked: boolean): void {
    this.isLocked = isLocked;
    for (const one of this.annotations()) {
      annotation.locking.setAnnotationLocked(one.annotationUID ?? "", isLocked);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    for (const event of CHANGES) eventTarget.removeEventListener(event, this.publishSoon);
    eventTarget.removeEventListener(Enums.Events.ANNOTATION_COMPLETED, this.onCompleted);
    annotation.state.removeAllAnnotations();
    // The ring of undo steps is one for the page: a new case must not reach into the last one.
    DefaultHistoryMemo.size = HISTORY_SIZE;
  }

  private annotations(): ToolTypes.Annotation[] {
    const all = annotation.state.getAllAnnotations();
    return all.filter(
      (one) =>
        one.metadata?.toolName === TOOLS.bidirectional && this.store.place(one.metadata.referencedImageId),
    );
  }

  private measurementOf(drawn: ToolTypes.Annotation): BidirectionalMeasurement | null {
    const place = this.store.place(drawn.metadata?.referencedImageId);
    if (!place?.geometry) return null;
    const measurement = toMeasurement(drawn, { ...place, geometry: place.geometry });
    return measurement && measurement.long_axis_mm > 0 ? measurement : null;
  }

  /** A drag tells of itself with every mouse move; one message a frame is enough. */
  private readonly publishSoon = (): void => {
    if (this.isPublishing) return;
    this.isPublishing = true;
    requestAnimationFrame(() => {
      this.isPublishing = false;
      if (!this.isDisposed) this.onChange(this.all);
    });
  };
}
