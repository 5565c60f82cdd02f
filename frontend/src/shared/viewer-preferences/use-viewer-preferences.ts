import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { getPreferences, NO_PREFERENCES, putPreferences, type ViewerPreferences } from "./preferences";
import { PreferencesSaver } from "./preferences-saver";

export const PREFERENCES_KEY = ["viewer-preferences"];
const PROBLEM_KEY = ["viewer-preferences-problem"];

export interface PreferencesInHand {
  preferences: ViewerPreferences;
  /** They are known, or it is known that they cannot be: the viewer can begin. */
  isSettled: boolean;
  /** Without it nothing can be changed, for what the server has is not known. */
  isLoaded: boolean;
  /** In words why they could not be loaded or saved. */
  problem: string | null;
  change: (edit: (now: ViewerPreferences) => ViewerPreferences) => void;
}

const savers = new WeakMap<QueryClient, PreferencesSaver>();

/** The preferences of who is signed in, loaded as the page comes to the front and saved as they change. */
export function useViewerPreferences(): PreferencesInHand {
  const queries = useQueryClient();
  const saver = saverOf(queries);
  const loaded = useQuery({
    queryKey: PREFERENCES_KEY,
    queryFn: async () => {
      // What was just chosen is not to be overtaken by what the server had before.
      await saver.flush();
      return getPreferences();
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // Another tab may have changed them, or somebody else signed in there: they are saved as a whole.
    refetchOnWindowFocus: "always",
    refetchOnReconnect: false,
    // A case is not to wait for them.
    retry: false,
  });
  const saving = useQuery<string | null>({ queryKey: PROBLEM_KEY, enabled: false, initialData: null });
  useEffect(() => {
    const flush = () => void saver.flush({ keepalive: true });
    window.addEventListener("pagehide", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      flush();
    };
  }, [saver]);
  const change = useCallback(
    (edit: (now: ViewerPreferences) => ViewerPreferences) => {
      const now = queries.getQueryData<ViewerPreferences>(PREFERENCES_KEY);
      // What the server has is not to be replaced unseen.
      if (now === undefined) return;
      const next = edit(now);
      if (next === now) return;
      void queries.cancelQueries({ queryKey: PREFERENCES_KEY });
      queries.setQueryData(PREFERENCES_KEY, next);
      saver.change(next);
    },
    [queries, saver],
  );
  const problem = loaded.isLoadingError ? "Your own settings could not be loaded." : saving.data;
  const preferences = loaded.data ?? NO_PREFERENCES;
  const isSettled = !loaded.isPending;
  const isLoaded = loaded.data !== undefined;
  return useMemo(
    () => ({ preferences, isSettled, isLoaded, problem, change }),
    [preferences, isSettled, isLoaded, problem, change],
  );
}

function saverOf(queries: QueryClient): PreferencesSaver {
  const known = savers.get(queries);
  if (known) return known;
  const saver = new PreferencesSaver({
    put: putPreferences,
    onProblem: (problem) => queries.setQueryData(PROBLEM_KEY, problem),
  });
  savers.set(queries, saver);
  return saver;
}
