/** Metadata that was asked for before the viewer was there to ask for it, by address. */
const ahead = new Map<string, Promise<unknown>>();

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

/**
 * Ask for what the first image of a read needs, while the code of the viewer is still on its way.
 *
 * The browser keeps the frame, so that the viewer's own request finds it there. What fails is told when the viewer asks.
 */
export function fetchFirstImage(readId: string, series: number, frame: number): void {
  const path = metadataPath(readId, series);
  ahead.clear();
  ahead.set(path, json(path));
  void fetch(framePath(readId, series, frame))
    .then((answer) => answer.arrayBuffer())
    .catch(() => {});
}

interface RawRead {
  status: string;
  primary_series: number;
  series: { index: number; initial_slice: number }[];
  draft: { view: { series: number; slice: number } | null };
}

/**
 * The image that the reader left, or that the case begins with, as soon as the page itself has come.
 *
 * The read is asked for again once it is known which tab writes: what it holds may be older than what another tab has
 * yet to save.
 */
export async function fetchOpened(path: string): Promise<void> {
  const [, id] = /^\/read\/[^/]+\/case\/([^/]+)\/?$/.exec(path) ?? [];
  if (id === undefined) return;
  const readId = decodeURIComponent(id);
  const read = (await json(readPath(readId))) as RawRead | null;
  if (read === null || read.status === "submitted") return;
  const { view } = read.draft;
  const first = read.series.find(({ index }) => index === (view?.series ?? read.primary_series));
  if (first) fetchFirstImage(readId, first.index, view?.slice ?? first.initial_slice);
}

async function json(path: string): Promise<unknown> {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
