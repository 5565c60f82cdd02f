import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { DicomJson, ImageSource } from "../../../viewer/types";
import { framePath, metadataPath, takeAhead } from "./read-ahead";

const metadataSchema = z.array(
  z.record(z.string(), z.object({ vr: z.string(), Value: z.array(z.unknown()).optional() })),
);

/** The images of a read, under addresses that hold for this read alone. */
export function imageSource(readId: string): ImageSource {
  return {
    loadMetadata: async (series) => {
      const path = metadataPath(readId, series);
      const ahead = metadataSchema.safeParse(await takeAhead(path));
      return ahead.success ? ahead.data : api.get<DicomJson[]>(path, metadataSchema);
    },
    framePath: (series, frame) => framePath(readId, series, frame),
  };
}
