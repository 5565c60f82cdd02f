import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createQueryClient } from "../../../shared/api/query-client";
import { type DeskStudy, studyQuery } from "../api/get-study";
import { LockActions } from "./LockActions";

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
  locked_by: "",
  lock_reason: "",
  lock_request: null,
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
    people: true,
    enroll: true,
    protocol: true,
    amend: true,
    deviations: true,
    unblind: true,
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
        <LockActions study={one} />
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

const asked = { requested_at: "2026-11-20T09:00:00Z", requested_by: "Dr. First", is_own: false };

it("asks for a reason when reads are missing, and sends it", async () => {
  const user = userEvent.setup();
  const changed = { ...study, lock_reason: "Reader left.", lock_request: { ...asked, is_own: true } };
  fetchMock.mockResolvedValue(new Response(JSON.stringify(changed), { status: 200 }));
  const client = open(study);
  await user.click(screen.getByRole("button", { name: "Request the lock…" }));
  const send = await screen.findByRole<HTMLButtonElement>("button", { name: "Request the lock" });
  expect(send.disabled).toBe(true);
  await user.type(screen.getByLabelText(/Reason for locking/), "  Reader left.  ");
  expect(send.disabled).toBe(false);
  await user.click(send);
  await vi.waitFor(() => expect(client.getQueryData(studyQuery("lpln").queryKey)?.lock_request).toBeTruthy());
  expect(fetchMock.mock.calls[0]?.[0]).toBe("/api/desk/studies/lpln/lock/request");
  expect(fetchMock.mock.calls[0]?.[1]?.body).toBe('{"reason":"Reader left."}');
});

it("asks for no reason when every read is submitted, and sends none", async () => {
  const user = userEvent.setup();
  fetchMock.mockResolvedValue(
    new Response(JSON.stringify({ ...study, lock_request: asked }), { status: 200 }),
  );
  open({ ...study, missing_reads: 0 });
  await user.click(screen.getByRole("button", { name: "Request the lock…" }));
  expect(screen.queryByLabelText(/Reason for locking/)).toBeNull();
  await user.click(await screen.findByRole("button", { name: "Request the lock" }));
  await vi.waitFor(() => expect(fetchMock.mock.calls[0]?.[1]?.body).toBe("{}"));
});

it("asks for a reason once the server names cases that nobody has adjudicated", async () => {
  const user = userEvent.setup();
  const refusal = { code: "items_unsettled", text: "2 discordant cases are not adjudicated.", unsettled: 2 };
  fetchMock.mockResolvedValue(new Response(JSON.stringify(refusal), { status: 409 }));
  open({ ...study, missing_reads: 0 });
  await user.click(screen.getByRole("button", { name: "Request the lock…" }));
  await user.click(await screen.findByRole("button", { name: "Request the lock" }));
  expect(await screen.findByLabelText(/Reason for locking/)).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Request the lock" }).disabled).toBe(true);
});

it("lets who asked wait or take it back, and not confirm", async () => {
  const user = userEvent.setup();
  fetchMock.mockResolvedValue(new Response(JSON.stringify(study), { status: 200 }));
  open({ ...study, lock_request: { ...asked, is_own: true } });
  expect(screen.getByRole("status").textContent).toContain("waits for a second person");
  expect(screen.queryByRole("button", { name: /Confirm/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Take the request back" }));
  await vi.waitFor(() => expect(fetchMock.mock.calls[0]?.[0]).toBe("/api/desk/studies/lpln/lock/withdraw"));
});

it("lets the second person lock with a password, and shows why the server refuses", async () => {
  const user = userEvent.setup();
  const text = "The password is not right. Nothing was signed.";
  fetchMock.mockResolvedValue(
    new Response(JSON.stringify({ code: "wrong_password", text }), { status: 409 }),
  );
  open({ ...study, lock_request: asked, lock_reason: "Reader left." });
  expect(screen.getByRole("status").textContent).toContain("Dr. First");
  await user.click(screen.getByRole("button", { name: "Confirm and lock…" }));
  const send = await screen.findByRole<HTMLButtonElement>("button", { name: "Lock database" });
  await user.type(screen.getByLabelText("Your password"), "guessed");
  expect(send.disabled).toBe(true);
  await user.click(screen.getByRole("checkbox"));
  await user.click(send);
  expect((await screen.findByRole("alert")).textContent).toBe(text);
  expect(fetchMock.mock.calls[0]?.[1]?.body).toBe('{"password":"guessed"}');
  expect(screen.getByLabelText<HTMLInputElement>("Your password").value).toBe("");
});

it("tells who cannot lock where it stands", () => {
  open({ ...study, permissions: { ...study.permissions, lock: false }, lock_request: asked });
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.getByText(/waits for a second person/)).toBeTruthy();
});
