import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { DicomJson, ImageSource } from "../../../viewer/types";
import { readPath } from "./read";

const metadataSchema = z.array(
  z.record(z.string(), z.object({ vr: z.string(), Value: z.array(z.unknown()).optional() })),
);

/** The images of a read, under addresses that hold for this read alone. */
export function imageSource(readId: string): ImageSource {
  return {
    loadMetadata: (series) =>
      api.get<DicomJson[]>(`${readPath(readId)}/series/${series}/metadata`, metadataSchema),
    framePath: (series, frame) => `${readPath(readId)}/series/${series}/frames/${frame}`,
  };
}
