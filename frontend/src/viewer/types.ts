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
}

export type ViewerTool = "window" | "pan" | "zoom" | "bidirectional";

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

export interface ViewerState {
  status: "loading" | "ready" | "failed";
  errorText: string | null;
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
  tool: ViewerTool;
  /** Whether the slices of this series say where they lie and how far apart their pixels are. */
  canMeasure: boolean;
  loadedFrames: number;
  /** 1-based. */
  failedFrames: readonly number[];
  canUndo: boolean;
  canRedo: boolean;
  hasNoWebGl: boolean;
}
