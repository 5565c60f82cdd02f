import type { Drags } from "../shared/viewer-preferences/preferences";
import type { ViewerAction } from "./keymap";
import {
  contentsFor,
  type Hanging,
  type HangingPane,
  type Layout,
  paneCount,
  takenPlane,
  type Workspace,
} from "./layout";
import type { CaseState, ViewerSeries } from "./types";

/** A window, or the percentiles (0 to 100) of the middle slice. */
export type WindowChoice = NonNullable<HangingPane["window"]>;

/** How a reader likes the viewer to begin, in whichever case; null leaves it to the study. */
export interface Habits {
  /** By the role of the series. */
  windows: Readonly<Record<string, WindowChoice>>;
  linked: boolean | null;
  lines: boolean | null;
  layout: Layout | null;
  drags: Drags;
}

/** A choice of the reader that may hold for the cases to come. */
export type Habit =
  | { kind: "linked" | "lines"; isOn: boolean }
  | { kind: "layout"; layout: Layout }
  /** The window of a role was set by hand; null when it was put back to the series' own. */
  | { kind: "window"; role: string; window: WindowChoice | null };

export const NO_HABITS: Habits = {
  windows: {},
  linked: null,
  lines: null,
  layout: null,
  drags: { middle: "pan", right: "zoom" },
};

/** The only role whose values have a unit, so that a window means the same in every case. */
const ROLE_WITH_UNIT = "CT";

export const hasUnit = (role: string | undefined): boolean => role === ROLE_WITH_UNIT;

/** A hanging by the roles and planes of its panes, as "T2W,ADC/T2W:sagittal,*"; "T2W@coronal" was taken so. */
export function hangingName(hanging: Hanging | null): string {
  if (!hanging) return "*";
  const names = hanging.panes.map(paneName);
  return [names.slice(0, hanging.columns), names.slice(hanging.columns)]
    .filter((row) => row.length > 0)
    .map((row) => row.join(","))
    .join("/");
}

function paneName(pane: HangingPane): string {
  const { role, kind, plane } = pane;
  const taken = takenPlane(pane);
  const shown = kind === "mpr" ? `:${plane ?? "acquired"}` : taken ? `@${taken}` : "";
  return `${role ?? "*"}${shown}`;
}

/** The panes to begin with, as the reader likes them. */
export function withHabits(
  workspace: Workspace,
  { layout, linked, lines }: Pick<Habits, "layout" | "linked" | "lines">,
  series: readonly ViewerSeries[],
): Workspace {
  const liked = {
    ...workspace,
    isLinked: linked ?? workspace.isLinked,
    hasLines: lines ?? workspace.hasLines,
  };
  if (!layout) return liked;
  const active = Math.min(workspace.active, paneCount(layout) - 1);
  const contents = [...workspace.contents];
  const kept = contents[workspace.active];
  if (kept) contents[active] = kept;
  return { ...liked, layout, active, contents: contentsFor(layout, contents, series) };
}

/** What an action says about the reader's habits, once it is done; null for most. */
export function habitOf(action: ViewerAction, state: CaseState): Habit | null {
  switch (action.kind) {
    case "link":
      return { kind: "linked", isOn: state.isLinked };
    case "lines":
      return { kind: "lines", isOn: state.hasLines };
    case "layout":
      return { kind: "layout", layout: state.layout };
    default:
      return null;
  }
}
