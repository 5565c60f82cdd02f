// Far below what a call may have of arguments.
const CHUNK = 0x8000;

/** Labels as base64 of gzip, as they are kept with the draft. */
export async function packed(labels: Uint8Array): Promise<string> {
  const bytes = await through(labels, new CompressionStream("gzip"));
  let text = "";
  for (let from = 0; from < bytes.length; from += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(from, from + CHUNK));
  }
  return btoa(text);
}

/** Labels from base64 of gzip; throws where they are no gzip, or not one byte for each voxel. */
export async function unpacked(data: string, voxels: number): Promise<Uint8Array> {
  return unpackedBytes(
    Uint8Array.from(atob(data), (character) => character.charCodeAt(0)),
    voxels,
  );
}

/** Labels from gzip; throws as `unpacked` does. */
export async function unpackedBytes(bytes: Uint8Array, voxels: number): Promise<Uint8Array> {
  const labels = await through(bytes, new DecompressionStream("gzip"));
  if (labels.length !== voxels) {
    throw new RangeError(`The labelmap holds ${labels.length} voxels, not ${voxels}.`);
  }
  return labels;
}

/** The bytes are read before the first pause: what is painted meanwhile is not in them. */
async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  const copy = bytes.slice();
  const written = writer.write(copy).then(() => writer.close());
  const [read] = await Promise.all([allOf(stream.readable), written]);
  return read;
}

async function allOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}
