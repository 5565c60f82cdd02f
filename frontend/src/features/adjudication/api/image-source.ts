import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { DicomJson, ImageSource } from "../../../viewer/types";
import { itemPath } from "./item";

const metadataSchema = z.array(
  z.record(z.string(), z.object({ vr: z.string(), Value: z.array(z.unknown()).optional() })),
);

/** The images of an item, under addresses that hold for this item alone. */
export function imageSource(itemId: string): ImageSource {
  return {
    loadMetadata: (series) =>
      api.get<DicomJson[]>(`${itemPath(itemId)}/series/${series}/metadata`, metadataSchema),
    framePath: (series, frame) => `${itemPath(itemId)}/series/${series}/frames/${frame}`,
  };
}
