import type { ViewerPreferences } from "../../../shared/viewer-preferences/preferences";
import { type Habits, hangingName, type WindowChoice, withHabits } from "../../../viewer/habits";
import { initialWorkspace, type Workspace } from "../../../viewer/layout";
import { UNTURNED } from "../../../viewer/turn";
import type { ViewerSeries, ViewState } from "../../../viewer/types";
import type { OpenRead } from "../api/read";
import { isPainted } from "../model/drawings";
import { viewerSeries } from "../model/series";
import { viewOf } from "../model/view";

/** What the page is about to show first, and where. */
export interface FirstLook {
  workspace: Workspace;
  series: ViewerSeries;
  /** 1-based. */
  slice: number;
  /** Null for the series' own. */
  window: WindowChoice | null;
  isInverted: boolean;
  hasStrip: boolean;
  hasPaintBar: boolean;
}

export type Preferences = Pick<
  ViewerPreferences,
  "remember_windows" | "windows" | "linked" | "lines" | "layouts"
>;

export const NO_HABITS_YET: Preferences = {
  remember_windows: false,
  windows: {},
  linked: null,
  lines: null,
  layouts: {},
};

type Opened = Pick<OpenRead, "series" | "primary_series" | "hanging" | "draft" | "form">;

/**
 * What the page will show in the active pane of a case that is opened, worked out as it does it; null where that takes
 * the viewer itself: another plane, an image that was moved or turned, bars that hang on an answer.
 */
export function firstLook(read: Opened, preferences: Preferences): FirstLook | null {
  const series = viewerSeries(read.series);
  const view = viewOf(read.draft.view, read.series);
  const hung = initialWorkspace(read.hanging, series, view?.series ?? read.primary_series, view);
  const habits = habitsOf(preferences, hangingName(read.hanging));
  const workspace = withHabits(hung, habits, series);
  const content = workspace.contents[workspace.active];
  const shown = series.find(({ index }) => index === content?.series);
  const painted = read.form.questions.filter(isPainted);
  if (!shown || content?.kind !== "stack" || painted.some(({ show_if }) => show_if !== undefined))
    return null;
  const left = view?.series === shown.index ? view : null;
  if (left && !liesAsTaken(left)) return null;
  return {
    workspace,
    series: shown,
    slice: within(content.slice ?? left?.slice ?? shown.initialSlice, shown.slices),
    window: left?.window ?? content.window ?? habits.windows[shown.role ?? ""] ?? null,
    isInverted: left?.isInverted ?? false,
    hasStrip: series.length > 1,
    hasPaintBar: painted.length > 0,
  };
}

const within = (slice: number, slices: number): number => Math.min(Math.max(slice, 1), slices);

/** But for what rounding leaves of it, it fills its pane. */
function liesAsTaken({ zoom, pan, turn = UNTURNED }: ViewState): boolean {
  const isFitted = Math.abs(zoom - 1) < 0.001 && Math.hypot(...pan) < 0.1;
  return isFitted && !turn.isMirrored && turn.rotation === 0;
}

function habitsOf(
  { remember_windows, windows, linked, lines, layouts }: Preferences,
  hanging: string,
): Omit<Habits, "drags"> {
  return { windows: remember_windows ? windows : {}, linked, lines, layout: layouts[hanging] ?? null };
}
