import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createQueryClient } from "../../../shared/api/query-client";
import { AuditChain } from "./AuditChain";

const intact = {
  verified_at: "2026-03-02T09:00:00Z",
  count: 12,
  last_sequence: 40,
  last_sha256: "ab".repeat(32),
  faults: [],
};
const fetchMock = vi.fn<typeof fetch>();

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });
}

function show() {
  const client = createQueryClient();
  client.setDefaultOptions({ queries: { retry: false } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <AuditChain slug="lpln" />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

beforeEach(() => {
  vi.stubGlobal("fetch", fetchMock);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
});

afterEach(() => {
  cleanup();
  fetchMock.mockReset();
  vi.unstubAllGlobals();
});

it("says up to where the chain was verified, and offers the file", async () => {
  fetchMock.mockResolvedValue(answer(200, intact));
  show();
  expect(screen.getByRole("status").textContent).toBe("Verifying the trail…");
  expect(await screen.findByText(/Chain verified up to event 40 at/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Audit trail, JSON lines" }).getAttribute("href")).toBe(
    "/api/desk/studies/lpln/audit/export",
  );
  expect(screen.queryByRole("alert")).toBeNull();
});

it("names each fault and counts those beyond the first five", async () => {
  const faults = [1, 2, 3, 4, 5, 6, 7].map((sequence) => ({
    sequence,
    kind: "altered",
    text: "its content does not match its digest",
  }));
  fetchMock.mockResolvedValue(answer(200, { ...intact, faults }));
  show();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Event 1 is altered: its content does not match its digest.");
  expect(alert.textContent).toContain("And 2 more.");
  expect(screen.getByRole("status").textContent).toContain("the trail is not intact");
});

it("asks again when the server could not verify", async () => {
  fetchMock.mockResolvedValueOnce(answer(500, { code: "error", text: "Broken." }));
  fetchMock.mockResolvedValue(answer(200, intact));
  show();
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/Chain verified up to event 40 at/)).toBeTruthy();
});
