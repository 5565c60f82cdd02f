import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createQueryClient } from "../../../shared/api/query-client";
import { type DeskStudy, studyQuery } from "../api/get-study";
import { LockDialog } from "./LockDialog";

const study: DeskStudy = {
  slug: "lpln",
  title: "LPLN",
  phase: "READING",
  template: "lpln-radiomics",
  protocol_version: 1,
  protocol_sha256: "ab",
  washout_days: 14,
  frozen_at: "2026-10-01T08:00:00Z",
  locked_at: null,
  lock_reason: "",
  sessions: [],
  cases: 24,
  readers: 2,
  missing_reads: 3,
  role: "COORDINATOR",
  permissions: {
    progress: true,
    cases: true,
    freeze: false,
    predictions: true,
    lock: true,
    results: false,
    audit: true,
  },
};

const fetchMock = vi.fn<typeof fetch>();

function open(one: DeskStudy) {
  const client = createQueryClient();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <LockDialog study={one} isOpen onClose={() => undefined} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return client;
}

beforeEach(() => {
  fetchMock.mockReset();
  vi.stubGlobal("fetch", fetchMock);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("stays shut until a reason is given and the lock is confirmed, then sends the reason", async () => {
  const user = userEvent.setup();
  const locked = { ...study, phase: "LOCKED", locked_at: "2026-11-20T10:00:00Z" };
  fetchMock.mockResolvedValue(new Response(JSON.stringify(locked), { status: 200 }));
  const client = open(study);
  const send = screen.getByRole<HTMLButtonElement>("button", { name: "Lock database" });
  expect(send.disabled).toBe(true);
  await user.type(screen.getByLabelText(/Reason for locking/), "  Reader left.  ");
  expect(send.disabled).toBe(true);
  await user.click(screen.getByRole("checkbox"));
  expect(send.disabled).toBe(false);
  await user.click(send);
  await vi.waitFor(() => expect(client.getQueryData(studyQuery("lpln").queryKey)?.phase).toBe("LOCKED"));
  expect(fetchMock.mock.calls[0]?.[0]).toBe("/api/desk/studies/lpln/lock");
  expect(fetchMock.mock.calls[0]?.[1]?.body).toBe('{"reason":"Reader left."}');
});

it("asks for no reason when every read is submitted, and sends none", async () => {
  const user = userEvent.setup();
  fetchMock.mockResolvedValue(new Response(JSON.stringify({ ...study, phase: "LOCKED" }), { status: 200 }));
  open({ ...study, missing_reads: 0 });
  expect(screen.queryByLabelText(/Reason for locking/)).toBeNull();
  await user.click(screen.getByRole("checkbox"));
  await user.click(screen.getByRole("button", { name: "Lock database" }));
  await vi.waitFor(() => expect(fetchMock.mock.calls[0]?.[1]?.body).toBe("{}"));
});

it("shows why the server refuses", async () => {
  const user = userEvent.setup();
  const text = "The reference standard of 3 cases is missing, A-0004 the first.";
  fetchMock.mockResolvedValue(
    new Response(JSON.stringify({ code: "truth_missing", text, missing: 3 }), { status: 409 }),
  );
  open({ ...study, missing_reads: 0 });
  await user.click(screen.getByRole("checkbox"));
  await user.click(screen.getByRole("button", { name: "Lock database" }));
  expect((await screen.findByRole("alert")).textContent).toBe(text);
});
