import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Protocol } from "./api/protocol";
import { useDesigner } from "./use-designer";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const PROTOCOL = {
  slug: "study",
  title: "As it was",
  may_edit: true,
  revision: 1,
  frozen_at: null,
  document: { design: {} },
  problems: [],
} as unknown as Protocol;

describe("useDesigner", () => {
  it("shows no change as saved before it is", () => {
    vi.stubGlobal("fetch", () => new Promise(() => {}));
    const queries = new QueryClient();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    );
    const drawn: [string, string][] = [];
    const { result } = renderHook(
      () => {
        const designer = useDesigner(PROTOCOL);
        drawn.push([designer.draft.title, designer.save.kind]);
        return designer;
      },
      { wrapper },
    );
    act(() => result.current.rename("As it is"));
    const kinds = drawn.filter(([title]) => title === "As it is").map(([, kind]) => kind);
    expect(new Set(kinds)).toEqual(new Set(["unsaved"]));
    expect(drawn[0]).toEqual(["As it was", "saved"]);
  });
});
