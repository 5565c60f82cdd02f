import { noteReachable } from "./connection";
import { z } from "./zod";

/** Codes the client itself gives; every other code comes from the server and is listed with its endpoint. */
export type ClientErrorCode = "offline" | "bad_response";

type Extra = Readonly<Record<string, unknown>>;

/** A refused, failed or impossible request. `code` is what callers switch on; `text` is fit to be shown. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly extra: Extra;

  constructor(args: { status: number; code: string; text: string; extra?: Extra }) {
    super(args.text);
    this.name = "ApiError";
    this.status = args.status;
    this.code = args.code;
    this.text = args.text;
    this.extra = args.extra ?? {};
  }

  /** The request never reached the server, or its answer never came back. */
  get isOffline(): boolean {
    return this.code === "offline";
  }

  /** Messages by field of a 400 `invalid`. */
  get fields(): Readonly<Record<string, string>> {
    const parsed = fieldsSchema.safeParse(this.extra.fields);
    if (!parsed.success) return {};
    return Object.fromEntries(
      Object.entries(parsed.data).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.join(" ") : value,
      ]),
    );
  }
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** Let the request outlive the page (a last draft saved while the tab closes). */
  keepalive?: boolean;
  /** A 401 is an ordinary answer here, and not a reason to leave the page. */
  staysOn401?: boolean;
}

const fieldsSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const errorSchema = z.looseObject({ code: z.string(), text: z.string().optional() });

const FALLBACK_TEXT: Readonly<Record<number, string>> = {
  401: "Please sign in.",
  403: "Your account may not do this.",
  404: "Not found.",
  429: "Too many tries. Please wait a minute.",
};

export function csrfToken(cookies: string = document.cookie): string | null {
  for (const part of cookies.split(";")) {
    const [name, ...value] = part.trim().split("=");
    if (name === "csrftoken") return decodeURIComponent(value.join("="));
  }
  return null;
}

type SignedOutListener = (place: string) => void;
let signedOutListener: SignedOutListener = (place) => window.location.assign(signInPath(place));

/** What happens when the server says that nobody is signed in; the app sets it once. */
export function onSignedOut(listener: SignedOutListener): void {
  signedOutListener = listener;
}

/** The sign-in page's path that brings its visitor back to `place`. */
export function signInPath(place: string): string {
  return place === "/" || isTheDoor(place) ? "/sign-in" : `/sign-in?next=${encodeURIComponent(place)}`;
}

function isTheDoor(place: string): boolean {
  return place === "/sign-in" || place.startsWith("/sign-in?");
}

function currentPlace(): string {
  return window.location.pathname + window.location.search;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function errorFrom(response: Response): Promise<ApiError> {
  const parsed = errorSchema.safeParse(await readJson(response));
  const fallback = FALLBACK_TEXT[response.status] ?? `The server could not answer (${response.status}).`;
  if (!parsed.success) {
    const code = response.status === 401 ? "not_signed_in" : `http_${response.status}`;
    return new ApiError({ status: response.status, code, text: fallback });
  }
  const { code, text, ...extra } = parsed.data;
  return new ApiError({ status: response.status, code, text: text ?? fallback, extra });
}

async function send(method: string, path: string, body: unknown, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = csrfToken();
  if (method !== "GET" && token !== null) headers["X-CSRFToken"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: options.signal,
      keepalive: options.keepalive,
    });
    noteReachable(true);
    return response;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    noteReachable(false);
    throw new ApiError({ status: 0, code: "offline", text: "The server cannot be reached." });
  }
}

/** The page's own requests cannot tell how much of a body has been sent; this older kind can. */
function sendForm(path: string, form: FormData, onSent: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", path);
    asked.setRequestHeader("Accept", "application/json");
    const token = csrfToken();
    if (token !== null) asked.setRequestHeader("X-CSRFToken", token);
    asked.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onSent(loaded / total);
    };
    asked.onload = () => {
      noteReachable(true);
      resolve(new Response(asked.responseText, { status: asked.status }));
    };
    asked.onerror = () => {
      noteReachable(false);
      reject(new ApiError({ status: 0, code: "offline", text: "The server cannot be reached." }));
    };
    asked.send(form);
  });
}

async function answer(sent: Promise<Response>, options: RequestOptions): Promise<Response> {
  const response = await sent;
  if (response.ok) return response;
  const error = await errorFrom(response);
  // A page sends several requests at once: the second refusal may find its visitor at the door already,
  // whose address holds the place to come back to.
  const place = currentPlace();
  if (error.status === 401 && !options.staysOn401 && !isTheDoor(place)) signedOutListener(place);
  throw error;
}

async function request<T>(
  method: string,
  path: string,
  body: unknown,
  schema: z.ZodType<T> | undefined,
  options: RequestOptions,
): Promise<T> {
  return read(path, await answer(send(method, path, body, options), options), schema);
}

async function read<T>(path: string, response: Response, schema: z.ZodType<T> | undefined): Promise<T> {
  const json = await readJson(response);
  if (schema === undefined) return json as T;
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ApiError({
    status: response.status,
    code: "bad_response",
    text: "The server's answer could not be read.",
    extra: { path, issues: z.prettifyError(parsed.error) },
  });
}

/** JSON over the session cookie. Paths are whole (`/api/...`); without a schema the answer is not checked. */
export const api = {
  get<T>(path: string, schema?: z.ZodType<T>, options: RequestOptions = {}): Promise<T> {
    return request("GET", path, undefined, schema, options);
  },
  /** What is no JSON, byte by byte. */
  async getBytes(path: string, options: RequestOptions = {}): Promise<Uint8Array> {
    const response = await answer(send("GET", path, undefined, options), options);
    return new Uint8Array(await response.arrayBuffer());
  },
  post<T>(path: string, body?: unknown, schema?: z.ZodType<T>, options: RequestOptions = {}): Promise<T> {
    return request("POST", path, body, schema, options);
  },
  /** Files and fields; `onSent` is told the share that has been sent. */
  async postForm<T>(
    path: string,
    form: FormData,
    schema: z.ZodType<T>,
    onSent: (share: number) => void,
  ): Promise<T> {
    return read(path, await answer(sendForm(path, form, onSent), {}), schema);
  },
  put<T>(path: string, body: unknown, schema?: z.ZodType<T>, options: RequestOptions = {}): Promise<T> {
    return request("PUT", path, body, schema, options);
  },
  delete(path: string, options: RequestOptions = {}): Promise<void> {
    return request("DELETE", path, undefined, undefined, options);
  },
};
