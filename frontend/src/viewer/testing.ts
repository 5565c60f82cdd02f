import { cross, dot, type SliceGeometry, scale } from "./geometry";
import type { DicomJson, Vec3 } from "./types";

interface MetadataOptions {
  position?: unknown[];
  orientation?: number[];
  spacing?: [number, number];
  photometric?: string;
}

/** DICOM JSON of a slice, axial unless said otherwise. */
export function metadataOf(options: MetadataOptions): DicomJson {
  return {
    "00200032": { vr: "DS", Value: options.position ?? [-80, -100, 35] },
    "00200037": { vr: "DS", Value: options.orientation ?? [1, 0, 0, 0, 1, 0] },
    "00280030": { vr: "DS", Value: options.spacing ?? [0.7, 0.7] },
    "00280010": { vr: "US", Value: [320] },
    "00280011": { vr: "US", Value: [256] },
    "00280004": { vr: "CS", Value: [options.photometric ?? "MONOCHROME2"] },
    "00200052": { vr: "UI", Value: ["2.25.1"] },
  };
}

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A slice in any orientation, anywhere in the body, with pixels of any two sizes. */
export function anySlice(random: () => number): SliceGeometry {
  const unit = (): Vec3 => {
    const vector: Vec3 = [random() - 0.5, random() - 0.5, random() - 0.5];
    return scale(vector, 1 / Math.sqrt(dot(vector, vector)));
  };
  const rowDirection = unit();
  const other = cross(rowDirection, unit());
  return {
    origin: [random() * 400 - 200, random() * 400 - 200, random() * 400 - 200],
    rowDirection,
    columnDirection: scale(other, 1 / Math.sqrt(dot(other, other))),
    rowSpacingMm: 0.3 + random(),
    columnSpacingMm: 0.3 + random(),
    rows: 320,
    columns: 320,
    frameOfReferenceUid: "2.25.7",
  };
}
