import { api } from "../api/client";
import { z } from "../api/zod";

const PATH = "/api/account/viewer-preferences";

const chosenWindow = z.union([
  /** Percentiles, 0 to 100, of the middle slice: values without a unit mean something within their series only. */
  z.object({ low: z.number(), high: z.number() }),
  z.object({ center: z.number(), width: z.number() }),
]);

/** What a drag with a mouse button does; the left one has the tool in hand. */
const drag = z.enum(["pan", "zoom", "window"]);

const preferencesSchema = z.object({
  /** Keys by the id of the action; what is not named keeps its own. */
  keys: z.record(z.string(), z.array(z.string())),
  remember_windows: z.boolean(),
  /** The last window set by hand, by the role of the sequence. */
  windows: z.record(z.string(), chosenWindow),
  /** Whether panes go together; null as the study says. */
  linked: z.boolean().nullable(),
  /** Whether the active slice is drawn as a line in the other panes; null as the viewer does. */
  lines: z.boolean().nullable(),
  drags: z.object({ middle: drag, right: drag }),
  /** Rows and columns chosen for a hanging, by the roles of its panes. */
  layouts: z.record(z.string(), z.object({ rows: z.number(), columns: z.number() })),
});

/** How a person likes the viewer; it never holds anything of a case. */
export type ViewerPreferences = z.infer<typeof preferencesSchema>;
export type ChosenWindow = z.infer<typeof chosenWindow>;
export type Drags = ViewerPreferences["drags"];

export const NO_PREFERENCES: ViewerPreferences = {
  keys: {},
  remember_windows: false,
  windows: {},
  linked: null,
  lines: null,
  drags: { middle: "pan", right: "zoom" },
  layouts: {},
};

const MOST_LAYOUTS = 20;

export function getPreferences(): Promise<ViewerPreferences> {
  return api.get<ViewerPreferences>(PATH, preferencesSchema as z.ZodType<ViewerPreferences>);
}

export function putPreferences(
  preferences: ViewerPreferences,
  { keepalive }: { keepalive: boolean },
): Promise<ViewerPreferences> {
  return api.put<ViewerPreferences>(PATH, preferences, preferencesSchema as z.ZodType<ViewerPreferences>, {
    keepalive,
  });
}

/** With the window set last for a role; null forgets it. Nothing changes while windows are not remembered. */
export function withWindow(
  preferences: ViewerPreferences,
  role: string,
  window: ChosenWindow | null,
): ViewerPreferences {
  if (!preferences.remember_windows) return preferences;
  const { [role]: _, ...others } = preferences.windows;
  return { ...preferences, windows: window === null ? others : { ...others, [role]: window } };
}

/** Windows that were remembered go when they are no longer to be. */
export function withMemoryOfWindows(preferences: ViewerPreferences, isOn: boolean): ViewerPreferences {
  return { ...preferences, remember_windows: isOn, windows: isOn ? preferences.windows : {} };
}

/** With the layout chosen for a hanging; the one that was chosen longest ago goes where there are too many. */
export function withLayout(
  preferences: ViewerPreferences,
  hanging: string,
  layout: { rows: number; columns: number },
): ViewerPreferences {
  const { [hanging]: _, ...others } = preferences.layouts;
  const kept = Object.entries(others).slice(1 - MOST_LAYOUTS);
  return { ...preferences, layouts: { ...Object.fromEntries(kept), [hanging]: layout } };
}
