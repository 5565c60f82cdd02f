import { ApiError, isApiError } from "../../../shared/api/client";
import type { Entries, SavedEntries } from "../api/item";

export type SaveState =
  | { kind: "saved"; at: string | null }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "elsewhere" }
  | { kind: "closed" }
  | { kind: "refused"; text: string };

interface SaverOptions {
  revision: number;
  savedAt: string | null;
  put: (draft: Entries & { revision: number }, keepalive: boolean) => Promise<SavedEntries>;
  onState: (state: SaveState) => void;
  delayMs?: number;
  retryMs?: number;
}

/** Refusals after which nothing can be saved any more. */
const CLOSED_CODES = ["item_settled", "item_voided", "study_not_reading"];

/** Saves what is entered a moment after each change, one request at a time; offline it tries again by itself. */
export class EntriesSaver {
  private readonly options: SaverOptions;
  private revision: number;
  private unsent: Entries | null = null;
  private sending: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStopped = false;
  state: SaveState;

  constructor(options: SaverOptions) {
    this.options = options;
    this.revision = options.revision;
    this.state = { kind: "saved", at: options.savedAt };
  }

  change(entries: Entries): void {
    if (this.isStopped || this.state.kind === "elsewhere" || this.state.kind === "closed") return;
    this.unsent = entries;
    if (this.state.kind !== "offline") this.setState({ kind: "saving" });
    this.schedule(this.options.delayMs ?? 600);
  }

  /** Send what is unsent; the revision that the server then has. `keepalive` lets the request outlive the page. */
  async flush(keepalive = false): Promise<number> {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    if (this.unsent !== null && !this.isStopped) {
      this.sending = this.send(this.unsent, keepalive).finally(() => {
        this.sending = null;
      });
      await this.sending;
    }
    return this.revision;
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delayMs);
  }

  private async send(entries: Entries, keepalive: boolean): Promise<void> {
    this.unsent = null;
    try {
      const saved = await this.options.put({ ...entries, revision: this.revision }, keepalive);
      this.revision = saved.revision;
      if (this.unsent === null) this.setState({ kind: "saved", at: saved.saved_at });
      else this.schedule(0);
    } catch (error) {
      this.noteFailure(error, entries);
    }
  }

  private noteFailure(error: unknown, entries: Entries): void {
    const isAnswered = error instanceof ApiError && !error.isOffline && error.status < 500;
    if (isApiError(error, "stale_draft")) this.setState({ kind: "elsewhere" });
    else if (CLOSED_CODES.some((code) => isApiError(error, code))) this.setState({ kind: "closed" });
    else if (isAnswered) this.setState({ kind: "refused", text: error.text });
    else {
      this.unsent ??= entries;
      this.setState({ kind: "offline" });
      this.schedule(this.options.retryMs ?? 5_000);
    }
  }

  private setState(state: SaveState): void {
    this.state = state;
    if (!this.isStopped) this.options.onState(state);
  }
}
