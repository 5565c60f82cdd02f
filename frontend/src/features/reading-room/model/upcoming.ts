import { dropAhead, fetchAhead } from "../../../viewer/next-case";
import { getUpcoming } from "../api/get-upcoming";
import { imageSource } from "../api/image-source";
import { viewerSeries } from "./series";

/** Counts how often it was forgotten: what was asked for before is not fetched after. */
let turn = 0;

/** Browsers without idle times are given this long to paint. */
const PAINTED_MS = 200;
const LATEST_MS = 2_000;

/** A moment at which nothing is to be painted or answered. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => resolve(), { timeout: LATEST_MS });
    else setTimeout(resolve, PAINTED_MS);
  });
}

/**
 * Fetch the images of the case that the reader is given next, if one may be opened then. Nothing of it is shown.
 *
 * They wait until the case that is open stands on the screen.
 */
export async function fetchUpcoming(slug: string): Promise<void> {
  const asked = turn;
  await idle();
  if (asked !== turn) return;
  // Without it the next case only takes its time.
  const upcoming = await getUpcoming(slug).catch(() => null);
  if (asked !== turn || !upcoming?.read_id) return;
  fetchAhead(imageSource(upcoming.read_id), viewerSeries(upcoming.series), 0);
}

/** Forget what was fetched for a case that is not opened. */
export function dropUpcoming(): void {
  turn += 1;
  dropAhead();
}
