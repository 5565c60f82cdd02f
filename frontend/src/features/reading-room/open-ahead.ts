import { forgetDecoder, warmDecoder } from "../../viewer/first-look/stored-values";
import { fetchFirstImage, fetchOpened, type RawRead, type SeriesAhead } from "./api/read-ahead";
import { type FirstLook, firstLook, NO_HABITS_YET } from "./first-look/choice";
import { showFirstLook } from "./first-look/page";
import { firstPicture } from "./first-look/picture";
import { viewOf } from "./model/view";

/**
 * A script of its own, so that it runs before the page's code has come: it asks for the image that the reader left, or
 * that the case begins with, and paints it.
 *
 * The page asks for the read again once it is known which tab writes: what it holds may be older than what another tab
 * has yet to save. What this script learns serves for nothing but the first look.
 */
async function openAhead(path: string): Promise<void> {
  warmDecoder().catch(() => {});
  const opened = await fetchOpened(path);
  if (opened === null) return;
  const { read, preferences } = opened;
  const look = firstLook(read, preferences ?? NO_HABITS_YET);
  if (look === null) fetchLeft(read);
  else await show(read.id, look, fetchFirstImage(read.id, look.series.index, look.slice));
}

/** The image alone: how it is to be shown takes the viewer. */
function fetchLeft({ id, series, draft, primary_series }: RawRead): void {
  const view = viewOf(draft.view, series);
  const first = series.find(({ index }) => index === (view?.series ?? primary_series));
  if (first) fetchFirstImage(id, first.index, view?.slice ?? first.initial_slice);
}

async function show(readId: string, look: FirstLook, ahead: SeriesAhead): Promise<void> {
  const metadata = await ahead.metadata;
  if (metadata === null) return;
  const picture = await firstPicture(look, { metadata, frame: ahead.frame });
  if (picture === null) return;
  await styled();
  showFirstLook(readId, look, picture);
}

/** Before its styles are there, a page has no places. */
async function styled(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
  const missing = links.filter(({ sheet }) => sheet === null);
  await Promise.all(missing.map((link) => new Promise((loaded) => link.addEventListener("load", loaded))));
}

// What cannot be shown ahead, the viewer shows, or says why not.
openAhead(window.location.pathname)
  .catch(() => {})
  .finally(forgetDecoder);
