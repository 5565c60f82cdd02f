import { focusManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { NO_PREFERENCES, type ViewerPreferences } from "./preferences";
import { useViewerPreferences } from "./use-viewer-preferences";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  focusManager.setFocused(undefined);
});

describe("useViewerPreferences", () => {
  it("goes on from what another tab has saved meanwhile", async () => {
    const server = { has: { ...NO_PREFERENCES, linked: true } as ViewerPreferences };
    vi.stubGlobal("fetch", async (_path: string, { method, body }: { method: string; body?: string }) => {
      if (method === "PUT" && body !== undefined) server.has = JSON.parse(body);
      return new Response(JSON.stringify(server.has));
    });
    const queries = new QueryClient();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    );
    const { result } = renderHook(() => useViewerPreferences(), { wrapper });
    await expect.poll(() => result.current.preferences.linked).toBe(true);
    server.has = { ...server.has, remember_windows: true };
    act(() => {
      focusManager.setFocused(false);
      focusManager.setFocused(true);
    });
    await expect.poll(() => result.current.preferences.remember_windows).toBe(true);
    act(() => result.current.change((now) => ({ ...now, lines: true })));
    await expect.poll(() => server.has.lines).toBe(true);
    expect(server.has).toMatchObject({ linked: true, remember_windows: true });
  });
});
