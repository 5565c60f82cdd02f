import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { unpackedBytes } from "../../../viewer/segmentation/labelmap-codec";
import { readPath } from "./read-ahead";

/** Cases of the model's development by their score; `counts[i]` lie from `bin_edges[i]` to the next edge. */
const developmentScores = z.object({
  source: z.string(),
  bin_edges: z.array(z.number()),
  counts: z.array(z.number()),
  counts_by_class: z.record(z.string(), z.array(z.number())),
  /** The cases are no patients. */
  is_demonstration: z.boolean(),
});

const aidModel = z.object({
  id: z.string(),
  semver: z.string(),
  digest: z.string(),
  title: z.string(),
  weights_status: z.string(),
  intended_use: z.string(),
  training_data: z.string(),
  positive_rule: z.string(),
  calibration_note: z.string(),
  limits: z.array(z.string()),
  references: z.array(z.string()),
  development_scores: developmentScores.nullable(),
});

/** What the output shows on the images of a series of the read; `shape` is slices, rows, columns. */
const aidOverlay = z.object({
  name: z.string(),
  kind: z.enum(["mask", "heat"]),
  title: z.string(),
  note: z.string(),
  method: z.string(),
  /** Ends of the color bar of a map. */
  low: z.string(),
  high: z.string(),
  series: z.number(),
  shape: z.tuple([z.number(), z.number(), z.number()]),
});

const aidSchema = z.object({
  model: aidModel,
  status: z.enum(["available", "missing"]),
  score: z.number().nullable(),
  probability: z.number().nullable(),
  probability_note: z.string(),
  cut_off: z.number().nullable(),
  is_positive: z.boolean().nullable(),
  near_cut_off: z.boolean().nullable(),
  numeric_uncertainty: z.number().nullable(),
  notes: z.array(z.string()),
  synthetic: z.boolean(),
  overlays: z.array(aidOverlay),
});
export type Aid = z.infer<typeof aidSchema>;
export type AidOverlay = z.infer<typeof aidOverlay>;
export type AidModel = z.infer<typeof aidModel>;
export type DevelopmentScores = z.infer<typeof developmentScores>;

/** The model's output; the server answers 404 unless the protocol releases it now, and logs that it was shown. */
export function getAid(readId: string): Promise<Aid> {
  return api.get(`${readPath(readId)}/aid`, aidSchema);
}

/** The voxels of an overlay; the server gives them once the output itself was shown, and for as long as that is. */
export async function getAidOverlay(
  readId: string,
  { name, shape: [slices, rows, columns] }: AidOverlay,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const path = `${readPath(readId)}/aid/overlays/${encodeURIComponent(name)}`;
  return unpackedBytes(await api.getBytes(path, { signal }), slices * rows * columns);
}
