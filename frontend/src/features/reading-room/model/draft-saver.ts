import { ApiError, isApiError } from "../../../shared/api/client";
import type { DraftContent, SavedDraft } from "../api/put-draft";
import type { StoredView } from "../api/read";
import type { LocalDrafts } from "./local-draft";
import { newUuid } from "./uuid";

export type SaveState =
  | { kind: "saved"; at: string | null }
  | { kind: "unsaved" }
  | { kind: "saving" }
  | { kind: "offline"; isKept: boolean }
  /** Kept in this browser and sent with the submission alone: a correction has no draft on the server. */
  | { kind: "kept"; isKept: boolean }
  | { kind: "elsewhere" }
  /** `isGone`: there is no such read for this person any more. */
  | { kind: "refused"; text: string; isGone: boolean };

export interface DraftServer {
  put(
    draft: DraftContent & { revision: number; client_id: string; view?: StoredView },
    keepalive: boolean,
  ): Promise<SavedDraft>;
  /** The draft that the server holds now, or null when the read is locked or gone. */
  current(): Promise<(DraftContent & { revision: number; saved_at: string | null }) | null>;
}

interface SaverOptions {
  readId: string;
  /** What the server holds at the start. */
  content: DraftContent;
  revision: number;
  savedAt: string | null;
  server: DraftServer;
  local: LocalDrafts;
  /** What of the content may be sent now; invalid entries stay in this browser. */
  sendable: (content: DraftContent) => DraftContent;
  onState: (state: SaveState) => void;
  onLocked: () => void;
  clientId?: string;
  delayMs?: number;
  now?: () => number;
}

export const SAVE_DELAY_MS = 600;
/** Where the reader looks is kept once they have stayed there for this long. */
export const VIEW_DELAY_MS = 2_000;
export const RETRY_DELAYS_MS = [2_000, 5_000, 10_000, 30_000];

/** Saves a draft as it changes: at once in this browser, a moment later on the server, one request at a time. */
export class DraftSaver {
  private readonly options: SaverOptions;
  private readonly clientId: string;
  private revision: number;
  private content: DraftContent | null = null;
  /** What was entered last, sent or not. */
  private held: DraftContent;
  private view: StoredView | undefined;
  private isViewUnsent = false;
  private isQuiet = false;
  /** A submission rests on the revision that the server has: nothing is to move it. */
  private isSettled = false;
  private sending: Promise<void> | null = null;
  private unconfirmed: DraftContent[] = [];
  /** What the server had of this page's content when it last answered. */
  private confirmed: DraftContent;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = false;
  private isKept = true;
  state: SaveState;

  constructor(options: SaverOptions) {
    this.options = options;
    this.revision = options.revision;
    this.held = options.content;
    this.confirmed = options.content;
    this.clientId = options.clientId ?? newUuid();
    this.state = { kind: "saved", at: options.savedAt };
    globalThis.addEventListener?.("online", this.resume);
  }

  /** The draft is now this. */
  change(content: DraftContent): void {
    if (this.isStopped) return;
    this.isSettled = false;
    this.content = content;
    this.held = content;
    const now = this.options.now ?? Date.now;
    this.isKept = this.options.local.keep(this.options.readId, {
      content,
      baseRevision: this.revision,
      keptAt: now(),
    });
    if (this.state.kind === "elsewhere") return;
    if (this.state.kind === "offline") this.setState({ kind: "offline", isKept: this.isKept });
    else if (this.sending === null || this.isQuiet) this.setState({ kind: "unsaved" });
    this.schedule(this.options.delayMs ?? SAVE_DELAY_MS);
  }

  /** The reader looks here now: it goes with the next save, or by itself a while later, without a word about it. */
  look(view: StoredView): void {
    if (this.isStopped) return;
    this.view = view;
    this.isViewUnsent = true;
    if (this.isSettled) return;
    if (this.content === null && this.state.kind === "saved") this.schedule(VIEW_DELAY_MS);
  }

  /** Send what is unsent; resolves when nothing is under way. `keepalive` lets it outlive the page. */
  async flush(keepalive = false): Promise<void> {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    if (this.isStopped || this.state.kind === "elsewhere") return;
    if (this.content !== null) this.sending = this.send(this.content, keepalive);
    else if (this.isViewUnsent && !this.isSettled) this.sending = this.sendQuietly(this.held, keepalive);
    if (this.sending) await this.sending;
  }

  /** Wait for the request under way and start no other until the next change; the revision that the server then has. */
  async settle(): Promise<number> {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    clearTimeout(this.timer);
    this.isSettled = true;
    return this.revision;
  }

  /** No more saving: the read is submitted, or another read takes the page. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    globalThis.removeEventListener?.("online", this.resume);
  }

  private readonly resume = (): void => {
    if (this.state.kind === "offline") this.schedule(0);
  };

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delayMs);
  }

  private async send(content: DraftContent, keepalive: boolean): Promise<void> {
    if (this.state.kind !== "offline") this.setState({ kind: "saving" });
    try {
      this.noteSaved(content, await this.put(content, keepalive));
    } catch (error) {
      await this.noteFailure(error, content);
    } finally {
      this.sending = null;
    }
    if (this.content !== null && this.content !== content && this.state.kind === "unsaved") this.schedule(0);
  }

  /** Save the view alone. Whether that works is nothing to trouble a reader with: what was entered is safe. */
  private async sendQuietly(content: DraftContent, keepalive: boolean): Promise<void> {
    this.isQuiet = true;
    try {
      const saved = await this.put(content, keepalive);
      this.revision = saved.revision;
      this.unconfirmed = [];
    } catch (error) {
      if (isApiError(error, "stale_draft") || isApiError(error, "read_locked")) {
        await this.noteFailure(error, content);
      }
    } finally {
      this.isQuiet = false;
      this.sending = null;
    }
    if (this.content !== null) this.schedule(0);
  }

  private async put(content: DraftContent, keepalive: boolean): Promise<SavedDraft> {
    const sent = this.options.sendable(content);
    this.unconfirmed.push(sent);
    this.isViewUnsent = false;
    const draft = { ...sent, revision: this.revision, client_id: this.clientId };
    const saved = await this.options.server.put(this.view ? { ...draft, view: this.view } : draft, keepalive);
    this.confirmed = sent;
    return saved;
  }

  private noteSaved(content: DraftContent, saved: SavedDraft): void {
    this.revision = saved.revision;
    this.failures = 0;
    this.unconfirmed = [];
    if (this.content === null) return;
    if (this.content !== content) {
      this.setState({ kind: "unsaved" });
      return;
    }
    this.content = null;
    this.options.local.drop(this.options.readId);
    this.setState({ kind: "saved", at: saved.saved_at });
  }

  private async noteFailure(error: unknown, content: DraftContent): Promise<void> {
    if (this.isStopped) return;
    if (isApiError(error, "stale_draft")) return this.resolveStale(content);
    if (isApiError(error, "read_locked")) {
      this.stop();
      this.options.onLocked();
      return;
    }
    if (!(error instanceof ApiError) || error.isOffline || error.status >= 500) return this.noteOffline();
    this.setState({ kind: "refused", text: error.text, isGone: error.status === 404 });
  }

  private noteOffline(): void {
    this.setState({ kind: "offline", isKept: this.isKept });
    const delay = RETRY_DELAYS_MS[Math.min(this.failures, RETRY_DELAYS_MS.length - 1)] ?? 0;
    this.failures += 1;
    this.schedule(delay);
  }

  /**
   * The server has a newer revision than ours. When it holds something that we sent, only the answer was lost on
   * the way, and we go on from there. When it still holds what we last knew, another tab has kept where it looks and
   * nothing else, and we go on too. Otherwise that tab or window has saved entries, and nothing is overwritten.
   */
  private async resolveStale(content: DraftContent): Promise<void> {
    try {
      const current = await this.options.server.current();
      if (this.isStopped) return;
      const arrived = current && this.unconfirmed.find((sent) => isSameContent(current, sent));
      if (current && arrived) {
        this.confirmed = arrived;
        // Nothing was entered, so it was the view that was refused.
        if (this.content === null) this.isViewUnsent = true;
        this.noteSaved(arrived, { revision: current.revision, saved_at: current.saved_at ?? "" });
        this.schedule(0);
        return;
      }
      if (current && isSameContent(current, this.confirmed)) {
        this.revision = current.revision;
        this.schedule(0);
        return;
      }
      if (this.content !== null) {
        const kept = { content, baseRevision: this.revision, keptAt: Date.now() };
        this.options.local.keep(this.options.readId, kept);
      }
      this.setState({ kind: "elsewhere" });
    } catch (error) {
      if (error instanceof ApiError && error.isOffline) this.noteOffline();
      else this.setState({ kind: "elsewhere" });
    }
  }

  private setState(state: SaveState): void {
    this.state = state;
    if (!this.isStopped) this.options.onState(state);
  }
}

/** Equal up to the order of keys, which JSON stores do not keep. */
export function isSameContent(a: DraftContent, b: DraftContent): boolean {
  return (
    canonical(a.answers) === canonical(b.answers) && canonical(a.measurements) === canonical(b.measurements)
  );
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (one === null || typeof one !== "object" || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
