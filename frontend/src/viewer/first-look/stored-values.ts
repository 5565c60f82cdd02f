import charlsUrl from "@cornerstonejs/codec-charls/decodewasm?url";
import charls from "@cornerstonejs/codec-charls/decodewasmjs";
import type { DicomJson } from "../types";

export type Values =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array;

/** One slice as it is stored, unpacked and rescaled. */
export interface Slice {
  /** Rows times columns, row by row. */
  values: Values;
  rows: number;
  columns: number;
}

const JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80";
const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
const KINDS = {
  8: [Uint8Array, Int8Array],
  16: [Uint16Array, Int16Array],
  32: [Uint32Array, Int32Array],
} as const;

let decoding: ReturnType<typeof charls> | null = null;

/** Load the decoder while nothing is there yet to be decoded. */
export function warmDecoder(): ReturnType<typeof charls> {
  decoding ??= charls({ locateFile: () => charlsUrl });
  return decoding;
}

/** Give the decoder's memory back: 50 MB, which this page needs once. */
export function forgetDecoder(): void {
  decoding = null;
}

/**
 * The values of a frame as the server stores it (`backend/cases/frames.py`): JPEG-LS, or as it is.
 *
 * Null for a kind of image whose values the viewer alone can work out.
 */
export async function storedSlice(encoded: ArrayBuffer, metadata: DicomJson): Promise<Slice | null> {
  const number = (tag: string, otherwise = 0) => Number(metadata[tag]?.Value?.[0] ?? otherwise);
  const [rows, columns] = [number("00280010"), number("00280011")];
  const bits = number("00280100") as keyof typeof KINDS;
  const kind = KINDS[bits]?.[number("00280103") === 1 ? 1 : 0];
  // Standardized uptake, as of PET, is more than a slope and an intercept.
  const isPlain = number("00280002", 1) === 1 && metadata["00080060"]?.Value?.[0] !== "PT";
  const bytes = isPlain ? await unpacked(encoded, metadata["00083002"]?.Value?.[0]) : null;
  if (!kind || bytes?.byteLength !== (rows * columns * bits) / 8) return null;
  const values = new kind(bytes.buffer, bytes.byteOffset, rows * columns);
  return { values: rescaled(values, number("00281053", 1), number("00281052")), rows, columns };
}

async function unpacked(encoded: ArrayBuffer, syntax: unknown): Promise<Uint8Array<ArrayBuffer> | null> {
  if (syntax === EXPLICIT_LITTLE_ENDIAN) return new Uint8Array(encoded);
  if (syntax !== JPEG_LS_LOSSLESS) return null;
  const decoder = new (await warmDecoder()).JpegLSDecoder();
  try {
    decoder.getEncodedBuffer(encoded.byteLength).set(new Uint8Array(encoded));
    decoder.decode();
    // A copy: what the decoder holds is its own, and may lie at an odd place.
    return new Uint8Array(decoder.getDecodedBuffer());
  } finally {
    decoder.delete();
  }
}

function rescaled(values: Values, slope: number, intercept: number): Values {
  if (slope === 1 && intercept === 0) return values;
  return Float32Array.from(values, (value) => value * slope + intercept);
}
