import type { DicomJson } from "../../../viewer/types";
import type { Preferences } from "../first-look/choice";
import type { OpenRead } from "./read";

/** Metadata that was asked for before the viewer was there to ask for it, by address. */
const ahead = new Map<string, Promise<unknown>>();

const PREFERENCES = "/api/account/viewer-preferences";

export const readPath = (readId: string): string => `/api/reader/reads/${encodeURIComponent(readId)}`;

export const metadataPath = (readId: string, series: number): string =>
  `${readPath(readId)}/series/${series}/metadata`;

export const framePath = (readId: string, series: number, frame: number): string =>
  `${readPath(readId)}/series/${series}/frames/${frame}`;

/** What was asked for ahead at an address, for once; null where nothing was, or nothing came of it. */
export async function takeAhead(path: string): Promise<unknown> {
  const answer = ahead.get(path);
  ahead.delete(path);
  return (await answer) ?? null;
}

/** What was asked for of a series whose image is shown first. */
export interface SeriesAhead {
  metadata: Promise<readonly DicomJson[] | null>;
  /** The frame of a slice, from 1, as it is stored. */
  frame: (slice: number) => Promise<ArrayBuffer>;
}

/**
 * Ask for what the first image of a read needs, while the code of the viewer is still on its way.
 *
 * The browser keeps the frames, so that the viewer's own requests find them there. What fails is told when the viewer
 * asks.
 */
export function fetchFirstImage(readId: string, series: number, slice: number): SeriesAhead {
  const path = metadataPath(readId, series);
  const metadata = json(path);
  ahead.clear();
  ahead.set(path, metadata);
  const frames = new Map<number, Promise<ArrayBuffer>>();
  const frame = (asked: number) => {
    const answer = frames.get(asked) ?? bytes(framePath(readId, series, asked));
    frames.set(asked, answer);
    return answer;
  };
  void frame(slice).catch(() => {});
  return { metadata: metadata as SeriesAhead["metadata"], frame };
}

/** What of a read says how it is shown first. */
export type RawRead = Pick<OpenRead, "id" | "series" | "primary_series" | "hanging" | "draft" | "form"> & {
  status: string;
};

/** The read that a page is opened with, and how its reader likes the viewer; null where there is nothing to show. */
export async function fetchOpened(
  path: string,
): Promise<{ read: RawRead; preferences: Preferences | null } | null> {
  const [, id] = /^\/read\/[^/]+\/case\/([^/]+)\/?$/.exec(path) ?? [];
  if (id === undefined) return null;
  const [read, preferences] = await Promise.all([json(readPath(decodeURIComponent(id))), json(PREFERENCES)]);
  if (read === null || (read as RawRead).status === "submitted") return null;
  return { read: read as RawRead, preferences: preferences as Preferences | null };
}

async function json(path: string): Promise<unknown> {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function bytes(path: string): Promise<ArrayBuffer> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
  return answer.arrayBuffer();
}
