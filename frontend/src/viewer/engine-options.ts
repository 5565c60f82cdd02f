import type { Habit, Habits } from "./habits";
import type { Workspace } from "./layout";
import type {
  CaseDrawings,
  DrawingTarget,
  ImageSource,
  StoredDrawings,
  StoredLabelmap,
  ViewerSeries,
  ViewState,
  WorkspaceState,
} from "./types";

/** What a case begins with, and who is told of what happens in it. */
export interface EngineOptions {
  source: ImageSource;
  series: readonly ViewerSeries[];
  workspace: Workspace;
  /** Questions to draw for; null shows whatever was drawn, for whichever question. */
  targets: readonly DrawingTarget[] | null;
  drawings: StoredDrawings;
  /** The view to begin with; null for the series' own. */
  view: ViewState | null;
  /** Annotations and looking glasses that the protocol has; null for all. */
  allowedTools: readonly string[] | null;
  /** How the reader likes a case to begin; the workspace knows of it already. */
  habits: Habits;
  onHabit: (habit: Habit) => void;
  /** Whether windows are told by `onHabit`: telling one takes all values of a slice. */
  remembersWindows: () => boolean;
  onState: (state: WorkspaceState) => void;
  onDrawings: (drawings: CaseDrawings) => void;
  /** What was painted, packed to be kept. */
  onLabelmaps: (labelmaps: readonly StoredLabelmap[]) => void;
  /** Something painted is still to be handed over, or nothing any more. */
  onUnkept: (isUnkept: boolean) => void;
  onSliceShown: (series: number, frame: number) => void;
  /** The active pane shows another series, or another pane is active. */
  onSeries: (series: number) => void;
  /** The view of the active pane came to rest. */
  onView: (view: ViewState) => void;
  /** All images of the case are there, but for those that failed. */
  onLoaded: () => void;
}
