import type { DicomJson, OrientationLetters, Vec3 } from "./types";

/** Where a slice lies: center of its first pixel, direction of its rows and columns, distance between pixels. */
export interface SliceGeometry {
  origin: Vec3;
  rowDirection: Vec3;
  columnDirection: Vec3;
  /** Between columns, along a row. */
  columnSpacingMm: number;
  /** Between rows, along a column. */
  rowSpacingMm: number;
  rows: number;
  columns: number;
  frameOfReferenceUid: string;
  /** As it was taken; absent where it is not told. */
  thicknessMm?: number;
}

const AXIS_LETTERS: ReadonlyArray<readonly [negative: string, positive: string]> = [
  ["R", "L"],
  ["A", "P"],
  ["F", "H"],
];
// About 6 degrees: less than this, and a letter would say more about table feed than about the slice.
const SMALLEST_COMPONENT = 0.1;
const KEPT_PER_MM = 1000;
const KEPT_STEP_MM = 1 / KEPT_PER_MM;

export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const scale = (a: Vec3, factor: number): Vec3 => [a[0] * factor, a[1] * factor, a[2] * factor];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const distance = (a: Vec3, b: Vec3): number => {
  const difference = subtract(a, b);
  return Math.sqrt(dot(difference, difference));
};

/** `R`, or `RA` for an oblique: the letters of the body side that a direction points to, largest part first. */
export function directionLetters(direction: Vec3): string {
  return direction
    .map((component, axis) => ({
      size: Math.abs(component),
      letters: AXIS_LETTERS[axis],
      isUp: component > 0,
    }))
    .filter(({ size }) => size >= SMALLEST_COMPONENT)
    .sort((a, b) => b.size - a.size)
    .map(({ letters, isUp }) => letters?.[isUp ? 1 : 0] ?? "")
    .join("");
}

/** Letters at the image's four edges, the slice being shown as stored: rows to the right, columns downward. */
export function orientationLetters(
  geometry: Pick<SliceGeometry, "rowDirection" | "columnDirection">,
): OrientationLetters {
  return {
    right: directionLetters(geometry.rowDirection),
    left: directionLetters(scale(geometry.rowDirection, -1)),
    bottom: directionLetters(geometry.columnDirection),
    top: directionLetters(scale(geometry.columnDirection, -1)),
  };
}

/** The point of the slice that is nearest to `point`. */
export function projectOnSlice(point: Vec3, geometry: SliceGeometry): Vec3 {
  const normal = cross(geometry.rowDirection, geometry.columnDirection);
  const offset = dot(subtract(point, geometry.origin), normal);
  return subtract(point, scale(normal, offset));
}

/** A drawn point as it is kept: on its slice, to a thousandth of a millimeter. Kept points stay as they are. */
export function settledPoint(point: Vec3, geometry: SliceGeometry): Vec3 {
  const isOnSlice = distance(point, projectOnSlice(point, geometry)) <= 2 * KEPT_STEP_MM;
  const [x, y, z] = isOnSlice ? point : projectOnSlice(point, geometry);
  return [kept(x), kept(y), kept(z)];
}

/** Mm along the rows and along the columns of the slice, from the center of its first pixel. */
export function toPlane(point: Vec3, geometry: SliceGeometry): readonly [number, number] {
  const offset = subtract(point, geometry.origin);
  return [dot(offset, geometry.rowDirection), dot(offset, geometry.columnDirection)];
}

export function fromPlane([along, down]: readonly [number, number], geometry: SliceGeometry): Vec3 {
  return add(
    geometry.origin,
    add(scale(geometry.rowDirection, along), scale(geometry.columnDirection, down)),
  );
}

/** Whether a place on the slice lies within its image, the outer pixels' edges included. */
export function isInImage([along, down]: readonly [number, number], geometry: SliceGeometry): boolean {
  const column = along / geometry.columnSpacingMm;
  const row = down / geometry.rowSpacingMm;
  return column >= -0.5 && row >= -0.5 && column <= geometry.columns - 0.5 && row <= geometry.rows - 0.5;
}

/** The nearest place within the image. */
export function intoImage(
  [along, down]: readonly [number, number],
  geometry: SliceGeometry,
): readonly [number, number] {
  // A little within the edge, so that rounding to what is kept does not carry a point over it.
  const within = (value: number, count: number, spacing: number) =>
    Math.min((count - 0.5) * spacing - 2 * KEPT_STEP_MM, Math.max(-0.5 * spacing + 2 * KEPT_STEP_MM, value));
  return [
    within(along, geometry.columns, geometry.columnSpacingMm),
    within(down, geometry.rows, geometry.rowSpacingMm),
  ];
}

/** Patient coordinates of a pixel position; (0, 0) is the center of the first pixel. */
export function pixelToPatient(column: number, row: number, geometry: SliceGeometry): Vec3 {
  return add(
    geometry.origin,
    add(
      scale(geometry.rowDirection, column * geometry.columnSpacingMm),
      scale(geometry.columnDirection, row * geometry.rowSpacingMm),
    ),
  );
}

/** The geometry in a slice's DICOM JSON, or null when it says nothing of its position. */
export function sliceGeometry(metadata: DicomJson): SliceGeometry | null {
  const position = numbers(metadata, "00200032", 3);
  const orientation = numbers(metadata, "00200037", 6);
  const spacing = numbers(metadata, "00280030", 2);
  const rows = numbers(metadata, "00280010", 1);
  const columns = numbers(metadata, "00280011", 1);
  const frame = metadata["00200052"]?.Value?.[0];
  const thickness = numbers(metadata, "00180050", 1)?.[0] ?? 0;
  if (!position || !orientation || !spacing || !rows || !columns || typeof frame !== "string") return null;
  const [x = 0, y = 0, z = 0] = position;
  const [rx = 0, ry = 0, rz = 0, cx = 0, cy = 0, cz = 0] = orientation;
  return {
    origin: [x, y, z],
    rowDirection: [rx, ry, rz],
    columnDirection: [cx, cy, cz],
    rowSpacingMm: spacing[0] ?? 0,
    columnSpacingMm: spacing[1] ?? 0,
    rows: rows[0] ?? 0,
    columns: columns[0] ?? 0,
    frameOfReferenceUid: frame,
    ...(thickness > 0 ? { thicknessMm: thickness } : {}),
  };
}

export function isMonochrome1(metadata: DicomJson): boolean {
  return metadata["00280004"]?.Value?.[0] === "MONOCHROME1";
}

// Rescale type US says that the values have no unit.
const UNITS: Readonly<Record<string, string>> = { HU: "HU", OD: "mOD", BQML: "Bq/ml", CNTS: "counts" };

/** The unit of a slice's values, from its rescale type or, for CT, its modality; empty where they have none. */
export function valueUnit(metadata: DicomJson | undefined): string {
  const text = (tag: string) => String(metadata?.[tag]?.Value?.[0] ?? "");
  const type = text("00281054");
  if (type === "" && text("00080060") === "CT") return "HU";
  return UNITS[type] ?? "";
}

// By division, whose result is the number as it is written: 12.387, and not 12.387000000000002.
const kept = (value: number): number => Math.round(value * KEPT_PER_MM) / KEPT_PER_MM;

function numbers(metadata: DicomJson, tag: string, count: number): number[] | null {
  const values = (metadata[tag]?.Value ?? []).map(Number);
  return values.length >= count && values.every(Number.isFinite) ? values : null;
}
