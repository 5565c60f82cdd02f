import type { Contour, Mark, MarkValue, Point, Segment } from "../shared/forms/drawn";
import type { SliceGeometry } from "./geometry";
import type { Layout } from "./layout";
import type { PaintedSegment } from "./segmentation/painting";

/** A point or direction in patient coordinates (LPS), mm. */
export type Vec3 = readonly [number, number, number];

/** Display window in modality units. */
export interface DisplayWindow {
  center: number;
  width: number;
}

/** What the viewer is told of a series before any of its pixels. */
export interface ViewerSeries {
  index: number;
  title: string;
  slices: number;
  /** 1-based. */
  initialSlice: number;
  window: DisplayWindow | null;
  /** The sequence's role in the study, as "T2W"; a question may ask for drawings on one role only. */
  role?: string;
  /** The plane it was taken in: axial, sagittal, coronal, oblique, or unknown. */
  plane?: string;
  /** From slice to slice; null where they do not lie evenly. */
  sliceStepMm?: number | null;
  /** Whether the server lets other planes be made of it, and why not. */
  mpr?: { allowed: boolean; reason: string | null };
}

/** A bidirectional measurement in our schema: ends of the long axis, then ends of the short axis. */
export interface BidirectionalMeasurement {
  uuid: string;
  tool: "bidirectional";
  series: number;
  /** 1-based. */
  frame: number;
  points_mm: readonly [Vec3, Vec3, Vec3, Vec3];
  long_axis_mm: number;
  short_axis_mm: number;
  /** The question that the reader drew it for; null when they took up the tool without one. */
  drawnFor: string | null;
}

/** Measured or noted beside the form: it answers no question. */
export type AnnotationKind = "length" | "angle" | "ellipse" | "freehand" | "arrow" | "text";

/** An annotation in our schema; `values` by the names of the API, those that are not defined absent. */
export interface Annotation {
  uuid: string;
  tool: AnnotationKind;
  series: number;
  /** 1-based. */
  frame: number;
  points_mm: readonly Vec3[];
  text: string | null;
  values: Readonly<Record<string, number>>;
}

export type DrawingTool = "bidirectional" | "mark" | "outline" | AnnotationKind;
/** Tools that paint voxels. */
export type PaintTool = "grow" | "brush" | "threshold" | "eraser";
export type ViewerTool = "window" | "pan" | "zoom" | "probe" | "magnify" | DrawingTool | PaintTool;

/** A question of the form that is answered by drawing. */
export interface DrawingTarget {
  question: string;
  label: string;
  tool: DrawingTool | "paint";
  /** Role of the series that it is drawn on; null for any. */
  role: string | null;
  /** How many are kept at most; null for any number. */
  most: number | null;
  /** Near which the short axis of what is painted is borderline. */
  cutOffMm?: number | null;
}

/** Everything drawn on the images of a case, in the order in which it was drawn. */
export interface CaseDrawings {
  measurements: BidirectionalMeasurement[];
  marks: Mark[];
  contours: Contour[];
  annotations: Annotation[];
  /** Absent while what was painted before has not been read. */
  segments?: Segment[];
}

/** Drawings as they are kept with the draft. */
export interface StoredDrawings {
  measurements: readonly (Omit<BidirectionalMeasurement, "drawnFor"> & { drawnFor?: string | null })[];
  marks: readonly (MarkValue & { question: string })[];
  contours: readonly StoredContour[];
  annotations?: readonly Annotation[];
  labelmaps?: readonly StoredLabelmap[];
}

/** What was painted on a series, as it is kept with the draft. */
export interface StoredLabelmap {
  series: number;
  segments: readonly PaintedSegment[];
  /** Slices, rows, columns. */
  shape: readonly number[];
  /** Base64 of gzip of one byte a voxel, slice by slice. */
  data: string;
}

export interface StoredContour {
  question: string;
  sop_uid: string;
  frame_of_reference_uid: string;
  points_mm: readonly Point[];
}

/** What is on the screen and how, so that a reader finds it again. */
export interface ViewState {
  series: number;
  /** 1-based. */
  slice: number;
  window: DisplayWindow | null;
  /** 1 fits the image to the viewer. */
  zoom: number;
  /** Shift of the image to the right and downward, in mm of the patient. */
  pan: readonly [number, number];
  /** Absent for the image as it was taken. */
  turn?: Turn;
  isInverted?: boolean;
}

/** How an image is turned on the screen: mirrored from left to right, and then rotated clockwise. */
export interface Turn {
  isMirrored: boolean;
  rotation: Rotation;
}

/** Degrees. */
export type Rotation = 0 | 90 | 180 | 270;

/** How a reader used the viewer, for analysis. Changes of one gesture count once. */
export interface ViewerTelemetry {
  series: { series: number; slices: number; seen: number; seen_share: number }[];
  scrolls: number;
  window_changes: number;
  zooms: number;
  pans: number;
  /** How often each tool was taken up. */
  tools: Record<string, number>;
}

/** Where the images come from. Paths are of this origin. */
export interface ImageSource {
  /** DICOM JSON (PS3.18 F) of every slice, in the order shown. */
  loadMetadata(series: number): Promise<DicomJson[]>;
  /** `frame` is 1-based. */
  framePath(series: number, frame: number): string;
}

export interface DicomJsonElement {
  vr: string;
  Value?: unknown[];
}

export type DicomJson = Record<string, DicomJsonElement>;

export interface OrientationLetters {
  top: string;
  right: string;
  bottom: string;
  left: string;
}

/** Place of the image on the viewer's element, in CSS pixels. */
export interface ImageRect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type PaneKind = "stack" | "mpr";

/** A plane of a series' own axes: the one it was taken in, or one of the other two by the body plane it is nearest to. */
export type MprPlane = "acquired" | "axial" | "sagittal" | "coronal";

/** What one pane has on the screen. */
export interface PaneState {
  kind: PaneKind;
  /** The plane of a reformatted view; null for the slices as they were taken. */
  plane: MprPlane | null;
  /** Empty: no series is chosen for the pane. */
  status: "empty" | "loading" | "ready" | "failed";
  errorText: string | null;
  /** Whether trying again may help. */
  canRetry: boolean;
  series: number;
  /** Slice on the screen, 1-based; 0 before the first. */
  slice: number;
  /** Slice asked for, 1-based; differs from `slice` while it loads or when it failed. */
  targetSlice: number;
  slices: number;
  window: DisplayWindow | null;
  isInverted: boolean;
  letters: OrientationLetters | null;
  mmPerPixel: number | null;
  zoom: number;
  imageRect: ImageRect | null;
  /** Where the slice on the screen lies in the patient. */
  geometry: SliceGeometry | null;
  /** Where that slice lies on the pane, however it is turned. */
  placement: Placement | null;
  /** To the next slice. */
  stepMm: number | null;
  /** Whether the slices of this series say where they lie and how far apart their pixels are. */
  canMeasure: boolean;
  loadedFrames: number;
  /** 1-based. */
  failedFrames: readonly number[];
}

/** What is the same for all panes of a case. */
export interface CaseState {
  layout: Layout;
  /** Place of the pane that keys and buttons act on. */
  active: number;
  /** Place of the pane that fills the viewer for now. */
  maximized: number | null;
  /** Whether the other panes follow the active one by position in the patient. */
  isLinked: boolean;
  /** Whether the slice of the active pane is drawn as a line in the others. */
  hasLines: boolean;
  /** Whether a click shows its place in the patient in every pane. */
  isCrosshair: boolean;
  /** The place shown by the crosshair. */
  crosshair: CrosshairPlace | null;
  tool: ViewerTool;
  /** The question that is drawn for now. */
  armed: string | null;
  /** Why the last drawing was not taken, or where to draw. */
  hint: string | null;
  /** The annotation whose text is being written. */
  writing: string | null;
  paint: PaintState;
  /** Whether slices are shown one after the other, and how many a second. */
  isPlaying: boolean;
  framesPerSecond: number;
  canUndo: boolean;
  canRedo: boolean;
  hasNoWebGl: boolean;
}

/** The tools that paint voxels, and how what they painted is shown. */
export interface PaintState {
  /** Diameter of the brush. */
  brushMm: number;
  /** The values that the threshold brush paints; null until the next click says. */
  range: { low: number; high: number } | null;
  /** Of the region that was grown last and can still be made more or less; null where there is none. */
  strength: number | null;
  isGrowing: boolean;
  /** Of the areas, 0 to 1. */
  opacity: number;
  hasOutline: boolean;
  /** The segment in hand. */
  active: string | null;
  /** Why nothing can be grown on the series shown. */
  growProblem: string | null;
}

/** From mm on a slice, along its rows and columns from the center of the first pixel, to CSS pixels of the pane. */
export interface Placement {
  origin: readonly [number, number];
  /** For each mm along the rows. */
  along: readonly [number, number];
  /** For each mm along the columns. */
  down: readonly [number, number];
}

export interface CrosshairPlace {
  point: Vec3;
  frameOfReferenceUid: string;
}

/** The state of the case with that of its active pane. */
export type ViewerState = CaseState & PaneState;

/** Everything on the screen: the case, and each pane by its place. */
export interface WorkspaceState {
  case: CaseState;
  panes: readonly PaneState[];
}
