/** Patient coordinates in mm. */
export type Point = readonly [number, number, number];

/** Where on the images something was drawn, and for which question. */
export interface DrawnPlace {
  uuid: string;
  question: string;
  /** Index of the series in the read. */
  series: number;
  /** Frame of the series, from 1. */
  frame: number;
  sop_uid: string;
  frame_of_reference_uid: string;
}

/** A point mark with the rating that the reader gave it. */
export interface Mark extends DrawnPlace {
  point_mm: Point;
  rating: string | number | null;
}

/** A closed outline on one slice; several outlines make a mask. */
export interface Contour extends DrawnPlace {
  points_mm: readonly Point[];
  area_mm2: number;
  /** From one slice to the next, which the area stands for in a volume; null where slices do not lie evenly. */
  slice_step_mm: number | null;
}

/** One structure of a mask that is painted voxel by voxel, as it was measured; a mask lies in one series. */
export interface Segment {
  question: string;
  label: string | null;
  status: string | null;
  /** Frames of the series, from 1, that it lies on. */
  slices: readonly number[];
  /** Null where it is nowhere two pixels wide. */
  short_axis_mm: number | null;
  long_axis_mm: number | null;
  /** Null where slices do not lie evenly. */
  volume_ml: number | null;
  /** How it stands on the screen; absent where there are no images. */
  painted?: PaintedOn;
}

/** A painted segment on the screen. */
export interface PaintedOn {
  id: string;
  series: number;
  /** The frame of its short axis, from 1. */
  frame: number;
  color: string;
  /** Whether it is the one in hand. */
  isActive: boolean;
  isVisible: boolean;
  /** Whether its short axis lies within a pixel of the question's cut-off. */
  isBorderline: boolean;
}

/** What can be done with painted segments from the form, each by its id. */
export interface SegmentActions {
  onChoose: (segment: Segment) => void;
  /** Give a segment its label or status. */
  onName: (id: string, words: Partial<Pick<Segment, "label" | "status">>) => void;
  onToggleVisible: (id: string) => void;
  onRemoveSegment: (id: string) => void;
  /** The next stroke begins another segment. */
  onNewSegment: (question: string) => void;
  /** Back to the images. */
  onDone: () => void;
}

export interface Drawings {
  marks: readonly Mark[];
  contours: readonly Contour[];
  /** None, when not said. */
  segments?: readonly Segment[];
}

/** What a question of kind mark or mask needs of the viewer. */
export interface DrawnFieldProps {
  drawn: Drawings;
  /** Whether the viewer's tool draws for this question now. */
  isArmed: boolean;
  /** Take up the viewer's tool for a question; once more lays it down. */
  onArm: (questionKey: string) => void;
  onRemove: (uuid: string) => void;
  onRate: (uuid: string, rating: string | number | null) => void;
  onShow: (place: DrawnPlace) => void;
  /** For masks that are painted by voxels. */
  segments?: SegmentActions;
}

/** The same for a whole form: `armed` is the question that the viewer draws for now. */
export interface Drawing extends Omit<DrawnFieldProps, "isArmed"> {
  armed: string | null;
}

/** One mark of the answer to a question of kind mark. */
export interface MarkValue {
  uuid: string;
  sop_uid: string;
  frame_of_reference_uid: string;
  point_mm: Point;
  rating: string | number | null;
}

/** The answer to a question of kind mask. */
export interface MaskValue {
  contours: { sop_uid: string; frame_of_reference_uid: string; points_mm: readonly Point[] }[];
}

/** The answer to a question of kind mask that is drawn by voxels; the voxels go beside the answers. */
export interface VoxelMaskValue {
  segments: readonly { label: string | null; status: string | null }[];
}

/** The answer to a question of kind mark; null while nothing is marked. */
export function markAnswer(drawn: Drawings, question: string): MarkValue[] | null {
  const marks = drawn.marks
    .filter((mark) => mark.question === question)
    .map(({ uuid, sop_uid, frame_of_reference_uid, point_mm, rating }) => ({
      uuid,
      sop_uid,
      frame_of_reference_uid,
      point_mm,
      rating,
    }));
  return marks.length > 0 ? marks : null;
}

/** The answer to a question of kind mask; null while nothing is drawn. */
export function maskAnswer(drawn: Drawings, question: string): MaskValue | null {
  const contours = drawn.contours
    .filter((contour) => contour.question === question)
    .map(({ sop_uid, frame_of_reference_uid, points_mm }) => ({
      sop_uid,
      frame_of_reference_uid,
      points_mm,
    }));
  return contours.length > 0 ? { contours } : null;
}

/** The answer to a question of kind mask that is drawn by voxels; null while nothing is painted. */
export function segmentAnswer({ segments = [] }: Drawings, question: string): VoxelMaskValue | null {
  const own = segments
    .filter((segment) => segment.question === question)
    .map(({ label, status }) => ({ label, status }));
  return own.length > 0 ? { segments: own } : null;
}
