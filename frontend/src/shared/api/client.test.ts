import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, api, csrfToken, isApiError, onSignedOut, signInPath } from "./client";
import { useConnection } from "./connection";
import { shouldRetry } from "./query-client";
import { z } from "./zod";

const fetchMock = vi.fn<typeof fetch>();

function answer(status: number, body?: unknown): void {
  const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
  fetchMock.mockResolvedValueOnce(new Response(text, { status }));
}

async function failure(request: Promise<unknown>): Promise<ApiError> {
  const error = await request.then(
    () => {
      throw new Error("the request went through");
    },
    (caught: unknown) => caught,
  );
  if (!(error instanceof ApiError)) throw error;
  return error;
}

function sentHeaders(): Headers {
  return new Headers(fetchMock.mock.lastCall?.[1]?.headers);
}

beforeEach(() => {
  fetchMock.mockReset();
  vi.stubGlobal("fetch", fetchMock);
  // biome-ignore lint/suspicious/noDocumentCookie: the server sets this cookie; here the test does.
  document.cookie = "csrftoken=abc%3D1";
});

afterEach(() => {
  vi.unstubAllGlobals();
  useConnection.setState({ isReachable: true });
});

describe("csrfToken", () => {
  it("finds the cookie among others and decodes it", () => {
    expect(csrfToken("theme=dark; csrftoken=a%2Bb=c; xcsrftoken=no")).toBe("a+b=c");
  });

  it("is null without the cookie", () => {
    expect(csrfToken("mycsrftoken=x")).toBeNull();
    expect(csrfToken("")).toBeNull();
  });
});

describe("headers", () => {
  it("sends the token and the JSON type with a write", async () => {
    answer(200, { ok: true });
    await api.put("/api/x", { a: 1 });
    expect(sentHeaders().get("X-CSRFToken")).toBe("abc=1");
    expect(sentHeaders().get("Content-Type")).toBe("application/json");
    expect(fetchMock.mock.lastCall?.[1]?.body).toBe('{"a":1}');
  });

  it("sends no token with a read and no type without a body", async () => {
    answer(200, {});
    await api.get("/api/x");
    expect(sentHeaders().has("X-CSRFToken")).toBe(false);
    answer(204);
    await api.post("/api/x");
    expect(sentHeaders().has("Content-Type")).toBe(false);
    expect(sentHeaders().get("X-CSRFToken")).toBe("abc=1");
  });
});

describe("answers", () => {
  it("gives what the schema read", async () => {
    answer(200, { n: 3, more: "dropped" });
    await expect(api.get("/api/x", z.object({ n: z.number() }))).resolves.toEqual({ n: 3 });
  });

  it("refuses an answer of another shape and says where it differs", async () => {
    answer(200, { n: "three" });
    const error = await failure(api.get("/api/x", z.object({ n: z.number() })));
    expect(error.code).toBe("bad_response");
    expect(error.extra.path).toBe("/api/x");
    expect(error.extra.issues).toContain("at n");
  });

  it("gives undefined for 204", async () => {
    answer(204);
    await expect(api.post("/api/x")).resolves.toBeUndefined();
  });
});

describe("errors", () => {
  it("keeps code, text and the rest of a broken rule", async () => {
    answer(409, { code: "washout_running", text: "Not yet.", opens_at: "2026-12-05T13:30:00Z" });
    const error = await failure(api.post("/api/x"));
    expect(error).toMatchObject({ status: 409, code: "washout_running", text: "Not yet." });
    expect(error.extra).toEqual({ opens_at: "2026-12-05T13:30:00Z" });
    expect(isApiError(error, "washout_running")).toBe(true);
    expect(isApiError(error, "read_locked")).toBe(false);
  });

  it("gives the messages of fields as text", async () => {
    answer(400, {
      code: "invalid",
      text: "Not valid.",
      fields: { rating: ["Required.", "1 to 5."], comment: "Long." },
    });
    const error = await failure(api.post("/api/x"));
    expect(error.fields).toEqual({ rating: "Required. 1 to 5.", comment: "Long." });
  });

  it("has words of its own for an answer that is not JSON", async () => {
    answer(502, "<html>Bad gateway</html>");
    const error = await failure(api.get("/api/x"));
    expect(error).toMatchObject({ status: 502, code: "http_502" });
    expect(error.text).not.toContain("<html>");
  });

  it("is offline when the network fails, and the connection is noted and restored", async () => {
    fetchMock.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    const error = await failure(api.get("/api/x"));
    expect(error).toMatchObject({ status: 0, code: "offline", isOffline: true });
    expect(useConnection.getState().isReachable).toBe(false);
    answer(500, {});
    await failure(api.get("/api/x"));
    expect(useConnection.getState().isReachable).toBe(true);
  });

  it("leaves an aborted request alone", async () => {
    fetchMock.mockRejectedValueOnce(new DOMException("Aborted", "AbortError"));
    await expect(api.get("/api/x")).rejects.toMatchObject({ name: "AbortError" });
    expect(useConnection.getState().isReachable).toBe(true);
  });
});

describe("nobody signed in", () => {
  it("leads to the sign-in page and keeps the place", async () => {
    const places: string[] = [];
    onSignedOut((place) => places.push(place));
    window.history.pushState(null, "", "/desk/lpln/cases?page=2");
    answer(401, { code: "not_signed_in", text: "Please sign in." });
    await failure(api.get("/api/x"));
    expect(places).toEqual(["/desk/lpln/cases?page=2"]);
    expect(signInPath("/desk/lpln/cases?page=2")).toBe("/sign-in?next=%2Fdesk%2Flpln%2Fcases%3Fpage%3D2");
  });

  it("stays where a 401 is an ordinary answer", async () => {
    const listener = vi.fn();
    onSignedOut(listener);
    answer(401, {});
    const error = await failure(api.get("/api/x", undefined, { staysOn401: true }));
    expect(error.code).toBe("not_signed_in");
    expect(listener).not.toHaveBeenCalled();
  });

  it("keeps the place when a second refusal comes after the first has led to the sign-in page", async () => {
    const listener = vi.fn();
    onSignedOut(listener);
    window.history.pushState(null, "", "/sign-in?next=%2Fdesk%2Flpln%2Fcases");
    answer(401, { code: "not_signed_in", text: "Please sign in." });
    await failure(api.get("/api/x"));
    expect(listener).not.toHaveBeenCalled();
  });

  it("gives bytes as they came, and refuses as for JSON", async () => {
    const bytes = Uint8Array.of(31, 139, 0, 255);
    fetchMock.mockResolvedValueOnce(new Response(bytes));
    expect(await api.getBytes("/api/x")).toEqual(bytes);
    answer(404, { code: "not_found", text: "Not found." });
    expect(await failure(api.getBytes("/api/x"))).toMatchObject({ status: 404, code: "not_found" });
  });

  it("does not lead from the sign-in page to itself", () => {
    expect(signInPath("/sign-in?next=%2F")).toBe("/sign-in");
    expect(signInPath("/")).toBe("/sign-in");
  });
});

describe("shouldRetry", () => {
  const offline = new ApiError({ status: 0, code: "offline", text: "" });
  const refused = new ApiError({ status: 409, code: "not_locked", text: "" });

  it("asks a lost network or a failing server twice more", () => {
    expect(shouldRetry(0, offline)).toBe(true);
    expect(shouldRetry(1, new ApiError({ status: 503, code: "http_503", text: "" }))).toBe(true);
    expect(shouldRetry(2, offline)).toBe(false);
  });

  it("takes a refusal for an answer", () => {
    expect(shouldRetry(0, refused)).toBe(false);
    expect(shouldRetry(0, new Error("bug"))).toBe(false);
  });
});
