import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { DicomJson, ImageSource } from "../../../viewer/types";
import { readPath } from "./read";

const metadataSchema = z.array(
  z.record(z.string(), z.object({ vr: z.string(), Value: z.array(z.unknown()).optional() })),
);

/** Metadata that was asked for before the viewer was there to ask for it, by address. */
const ahead = new Map<string, Promise<DicomJson[]>>();

/** The images of a read, under addresses that hold for this read alone. */
export function imageSource(readId: string): ImageSource {
  return {
    loadMetadata: (series) => {
      const path = metadataPath(readId, series);
      const metadata = ahead.get(path) ?? getMetadata(path);
      ahead.delete(path);
      return metadata;
    },
    framePath: (series, frame) => framePath(readId, series, frame),
  };
}

/**
 * Ask for what the first image of a read needs, while the code of the viewer is still on its way.
 *
 * The browser keeps the frame, so that the viewer's own request finds it there. What fails is told when the viewer asks.
 */
export function fetchFirstImage(readId: string, series: number, frame: number): void {
  ahead.clear();
  const path = metadataPath(readId, series);
  const metadata = getMetadata(path);
  metadata.catch(() => {});
  ahead.set(path, metadata);
  void fetch(framePath(readId, series, frame))
    .then((answer) => answer.arrayBuffer())
    .catch(() => {});
}

const getMetadata = (path: string) => api.get<DicomJson[]>(path, metadataSchema);

const metadataPath = (readId: string, series: number): string =>
  `${readPath(readId)}/series/${series}/metadata`;

const framePath = (readId: string, series: number, frame: number): string =>
  `${readPath(readId)}/series/${series}/frames/${frame}`;
