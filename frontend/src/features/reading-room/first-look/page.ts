import paintStyles from "../../../viewer/paint.module.css";
import viewerStyles from "../../../viewer/viewer.module.css";
import roomStyles from "../reading-room.module.css";
import type { FirstLook } from "./choice";
import styles from "./first-look.module.css";
import { type Picture, paint } from "./picture";

/** A viewer that has not come by then has said why. */
const LONGEST_MS = 15_000;

/** Narrower than this the bars are as high as what they hold, which has not come yet (reading-room.module.css). */
const LEAST_WIDTH_PX = 1024;
/** The bar that paints takes a second row below this, or in large text. */
const LEAST_WIDTH_TO_PAINT_PX = 1280;
const USUAL_TEXT_PX = 16;

/** The first look of a case that is on the screen now. */
interface Shown {
  readId: string;
  /** When it was painted, on the page's clock in ms; null once that was told, or where nobody could see it. */
  since: number | null;
  leave: () => void;
}

let shown: Shown | null = null;
/** The page has come so far that a first look would come after it. */
let isOver = false;

/** When the first look of a read was painted; null where there was none. It is told once. */
export function lookedSince(readId: string): number | null {
  if (shown?.readId !== readId) return null;
  const { since } = shown;
  shown.since = null;
  return since;
}

/** The page shows the case itself, or something else. */
export function leaveFirstLook(): void {
  isOver = true;
  shown?.leave();
  shown = null;
}

/**
 * Paint the first image where the viewer will show it, over a page that is still on its way.
 *
 * The parts of the page are there without words, by the same rules of layout, so that nothing moves when they come.
 */
export function showFirstLook(readId: string, look: FirstLook, picture: Picture): void {
  if (isOver || !hasItsPlaces(look)) return;
  const { room, canvas } = emptyRoom(look);
  document.body.append(room);
  paint(canvas, picture);
  const timer = setTimeout(leaveFirstLook, LONGEST_MS);
  // Painted for a window of this size, it goes with it.
  window.addEventListener("resize", leaveFirstLook, { once: true });
  window.addEventListener("popstate", leaveFirstLook, { once: true });
  const leave = () => {
    clearTimeout(timer);
    window.removeEventListener("resize", leaveFirstLook);
    window.removeEventListener("popstate", leaveFirstLook);
    room.remove();
  };
  shown = { readId, since: document.hidden ? null : performance.now(), leave };
}

/** Whether the page will have the heights that its style sheets give to empty bars. */
function hasItsPlaces({ hasPaintBar }: FirstLook): boolean {
  const textPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const least = hasPaintBar ? LEAST_WIDTH_TO_PAINT_PX : LEAST_WIDTH_PX;
  return window.innerWidth >= least && textPx <= USUAL_TEXT_PX;
}

function emptyRoom({ workspace, hasStrip, hasPaintBar }: FirstLook) {
  const { layout, active } = workspace;
  const room = part(null, `${roomStyles.room} ${styles.firstLook}`);
  room.setAttribute("aria-hidden", "true");
  room.dataset.firstLook = "";
  part(room, roomStyles.bar);
  const body = part(room, roomStyles.body);
  const viewer = part(body, viewerStyles.viewer);
  part(viewer, viewerStyles.toolbar);
  if (hasPaintBar) part(viewer, paintStyles.bar);
  const workbench = part(viewer, viewerStyles.workbench);
  if (hasStrip) part(workbench, viewerStyles.strip);
  const panes = part(workbench, viewerStyles.panes);
  panes.style.gridTemplateColumns = `repeat(${layout.columns}, minmax(0, 1fr))`;
  panes.style.gridTemplateRows = `repeat(${layout.rows}, minmax(0, 1fr))`;
  const stages = Array.from({ length: layout.rows * layout.columns }, () => part(panes, viewerStyles.stage));
  part(body, roomStyles.panel);
  const canvas = document.createElement("canvas");
  canvas.className = styles.image ?? "";
  stages[active]?.append(canvas);
  return { room, canvas };
}

function part(within: Element | null, className: string | undefined): HTMLDivElement {
  const element = document.createElement("div");
  element.className = className ?? "";
  within?.append(element);
  return element;
}
