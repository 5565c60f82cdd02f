import { QueryClient } from "@tanstack/react-query";
import { isApiError } from "./client";

/** Refusals are answers and are not asked twice; a lost network or a failing server is worth two more tries. */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (failures >= 2 || !isApiError(error)) return false;
  return error.isOffline || error.status >= 500;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: shouldRetry,
        // Asked even while the browser believes itself offline, so that every page shows its own offline state.
        networkMode: "always",
        refetchOnReconnect: true,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
