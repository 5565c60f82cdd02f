import { useCallback, useMemo } from "react";
import { type ViewerPreferences, withLayout, withWindow } from "../shared/viewer-preferences/preferences";
import {
  type PreferencesInHand,
  useViewerPreferences,
} from "../shared/viewer-preferences/use-viewer-preferences";
import { type Habit, type Habits, hangingName } from "./habits";
import { KeyBindings } from "./key-bindings";
import type { Hanging } from "./layout";

interface HabitsInHand {
  settings: PreferencesInHand;
  /** How the reader likes this case to begin. */
  habits: Habits;
  onHabit: (habit: Habit) => void;
}

/** The keys of who is signed in. */
export function useKeyBindings(): KeyBindings {
  const { preferences } = useViewerPreferences();
  return useMemo(() => new KeyBindings(preferences.keys), [preferences.keys]);
}

/** The habits of who is signed in, for a case that hangs so. */
export function useHabits(hanging: Hanging | null): HabitsInHand {
  const settings = useViewerPreferences();
  const { preferences, change } = settings;
  const name = hangingName(hanging);
  const onHabit = useCallback((habit: Habit) => change((now) => withHabit(now, habit, name)), [change, name]);
  const habits = {
    windows: preferences.remember_windows ? preferences.windows : {},
    linked: preferences.linked,
    lines: preferences.lines,
    layout: preferences.layouts[name] ?? null,
    drags: preferences.drags,
  };
  return { settings, habits, onHabit };
}

function withHabit(now: ViewerPreferences, habit: Habit, hanging: string): ViewerPreferences {
  switch (habit.kind) {
    case "linked":
      return { ...now, linked: habit.isOn };
    case "lines":
      return { ...now, lines: habit.isOn };
    case "layout":
      return withLayout(now, hanging, habit.layout);
    case "window":
      return withWindow(now, habit.role, habit.window);
  }
}
