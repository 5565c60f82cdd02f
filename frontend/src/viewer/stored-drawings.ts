import { utilities } from "@cornerstonejs/core";
import type { Contour, Mark } from "../shared/forms/drawn";
import type { DrawingAnnotation } from "./mapping/annotation";
import { toAnnotation as measurementAnnotation } from "./mapping/bidirectional";
import { toAnnotation as contourAnnotation } from "./mapping/contour";
import { toAnnotation as markAnnotation } from "./mapping/mark";
import { toAnnotation as noteAnnotation } from "./mapping/note";
import type { SeriesStore } from "./series-store";
import { TOOLS } from "./tool-names";
import type { BidirectionalMeasurement, CaseDrawings, DrawingTool, StoredDrawings } from "./types";

/** A kept drawing whose slice is not known yet: its series has told nothing of itself so far. */
export interface WaitingDrawing {
  uuid: string;
  tool: DrawingTool;
  /** The image it lies on, once its series is prepared. */
  imageId(store: SeriesStore): string | undefined;
  toAnnotation(imageId: string, store: SeriesStore): DrawingAnnotation | null;
  /** The drawing as it is told of while it waits. */
  addTo(drawings: CaseDrawings): void;
  /** Give a mark its rating. */
  rate?(rating: string | number | null): void;
}

/** Where a drawing lies that waits for its series. */
const UNPLACED = { series: -1, frame: 0 } as const;

export function waitingDrawings(stored: StoredDrawings): WaitingDrawing[] {
  const measurements = stored.measurements.map((one): WaitingDrawing => {
    const measurement: BidirectionalMeasurement = { ...one, drawnFor: one.drawnFor ?? null };
    return {
      uuid: one.uuid,
      tool: "bidirectional",
      imageId: (store) => store.imageIdAt(one.series, one.frame),
      toAnnotation: (imageId, store) =>
        onPlace(imageId, store, "bidirectional", (place) => measurementAnnotation(measurement, place)),
      addTo: ({ measurements: all }) => void all.push(measurement),
    };
  });
  const marks = stored.marks.map((one): WaitingDrawing => {
    let mark: Mark = { ...one, ...UNPLACED };
    return {
      uuid: one.uuid,
      tool: "mark",
      imageId: (store) => store.imageIdOf(one.sop_uid),
      toAnnotation: (imageId, store) =>
        onPlace(imageId, store, "mark", (place) => markAnnotation(mark, place)),
      addTo: ({ marks: all }) => void all.push(mark),
      rate: (rating) => {
        mark = { ...mark, rating };
      },
    };
  });
  const contours = stored.contours.map((one): WaitingDrawing => {
    const uuid = utilities.uuidv4();
    const contour: Contour = { ...one, ...UNPLACED, uuid, area_mm2: 0, slice_step_mm: null };
    return {
      uuid,
      tool: "outline",
      imageId: (store) => store.imageIdOf(one.sop_uid),
      toAnnotation: (imageId, store) =>
        onPlace(imageId, store, "outline", (place) => contourAnnotation(one, uuid, place)),
      addTo: ({ contours: all }) => void all.push(contour),
    };
  });
  const notes = (stored.annotations ?? []).map(
    (one): WaitingDrawing => ({
      uuid: one.uuid,
      tool: one.tool,
      imageId: (store) => store.imageIdAt(one.series, one.frame),
      toAnnotation: (imageId, store) =>
        onPlace(imageId, store, one.tool, (place) => noteAnnotation(one, place)),
      addTo: ({ annotations: all }) => void all.push(one),
    }),
  );
  return [...measurements, ...marks, ...contours, ...notes];
}

function onPlace(
  imageId: string,
  store: SeriesStore,
  tool: DrawingTool,
  make: (place: Parameters<typeof measurementAnnotation>[1]) => DrawingAnnotation,
): DrawingAnnotation | null {
  const geometry = store.place(imageId)?.geometry;
  return geometry ? make({ imageId, geometry, toolName: TOOLS[tool] }) : null;
}
