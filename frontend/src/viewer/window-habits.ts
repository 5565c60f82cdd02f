import type { Habit } from "./habits";
import type { Pane } from "./pane";
import type { SeriesStore } from "./series-store";

interface WindowHabitsOptions {
  store: SeriesStore;
  /** What is remembered of the windows, by the role of the series. */
  known: Readonly<Record<string, unknown>>;
  /** Whether windows are told at all: telling one takes all values of a slice. */
  isWanted: () => boolean;
  isOver: () => boolean;
  onHabit: (habit: Habit) => void;
}

/** Tells of the windows that a reader sets by hand, each once. */
export class WindowHabits {
  private readonly options: WindowHabitsOptions;
  /** What was told of the windows of a role. */
  private readonly told = new Map<string, string>();

  constructor(options: WindowHabitsOptions) {
    this.options = options;
  }

  /** The view of a pane came to rest. */
  async note(pane: Pane): Promise<void> {
    const { store, known, isWanted, isOver, onHabit } = this.options;
    if (!isWanted()) return;
    const role = store.info(pane.state.value.series)?.role;
    const window = await pane.stage?.windowHabit();
    if (role === undefined || window === undefined || isOver()) return;
    const told = this.told.get(role) ?? JSON.stringify(known[role] ?? null);
    const tells = JSON.stringify(window);
    if (tells === told) return;
    this.told.set(role, tells);
    onHabit({ kind: "window", role, window });
  }
}
