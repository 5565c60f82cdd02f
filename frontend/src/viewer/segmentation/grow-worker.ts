import type { Box, Voxel } from "./box";
import { type GrowParameters, type GrowResult, grow } from "./grow";

export interface GrowRequest {
  id: number;
  box: Box;
  seed: Voxel;
  parameters: GrowParameters;
}

export type GrowAnswer = { id: number; result: GrowResult } | { id: number; error: string };

/** What the worker answers to a request. */
export function answer({ id, box, seed, parameters }: GrowRequest): GrowAnswer {
  try {
    return { id, result: grow(box, seed, parameters) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

// A page has a window; a worker has not.
if (typeof window === "undefined") {
  self.addEventListener("message", (event: MessageEvent<GrowRequest>) => {
    self.postMessage(answer(event.data));
  });
}
