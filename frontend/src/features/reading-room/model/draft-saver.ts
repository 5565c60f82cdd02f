import { ApiError, isApiError } from "../../../shared/api/client";
import type { DraftContent, SavedDraft, SentDraft } from "../api/put-draft";
import type { StoredView } from "../api/read";
import { isAllSent, isSameContent, isSameLabelmaps } from "./content";
import type { DraftKey, Kept, LocalDrafts } from "./local-draft";
import { type RefusedPart, refusedParts, stillRefused, withoutRefused } from "./refused-parts";
import { changesIn, saveId } from "./save-id";
import { newUuid } from "./uuid";

/** Why the server does not have what was entered: it cannot be reached, it fails, or its disk is full. */
export type Obstacle = "unreachable" | "failing" | "disk_full" | "signed_out";

export type SaveState =
  /** `refused` is what the server did not take of it, which this browser keeps. */
  | { kind: "saved"; at: string | null; refused?: readonly RefusedPart[] }
  | { kind: "unsaved" }
  | { kind: "saving" }
  /** `since` is the epoch ms of the first entry that the server does not have. */
  | { kind: "offline"; obstacle: Obstacle; kept: Kept; since: number }
  /** Kept in this browser and sent with the submission alone: a correction has no draft on the server. */
  | { kind: "kept"; kept: Kept }
  /** Another tab of this browser writes; this one only shows. */
  | { kind: "watching" }
  | { kind: "elsewhere" }
  | { kind: "refused"; text: string };

export interface DraftServer {
  put(draft: SentDraft, keepalive: boolean): Promise<SavedDraft>;
  /** The draft that the server holds now, or null when the read is locked or gone. */
  current(): Promise<(DraftContent & { revision: number; saved_at: string | null }) | null>;
}

interface SaverOptions {
  draft: DraftKey;
  /** What the server holds at the start. */
  content: DraftContent;
  revision: number;
  savedAt: string | null;
  /** When what this browser kept was entered. */
  keptAt?: number;
  server: DraftServer;
  local: LocalDrafts;
  /** What of the content may be sent now; invalid entries stay in this browser. */
  sendable: (content: DraftContent) => DraftContent;
  onState: (state: SaveState) => void;
  onLocked: () => void;
  /** The read is not one of whoever is signed in now. */
  onGone: () => void;
  clientId?: string;
  delayMs?: number;
  now?: () => number;
}

/** A request whose answer has not come. */
interface Sending {
  content: DraftContent;
  sent: DraftContent;
  changes: number;
}

export const SAVE_DELAY_MS = 600;
/** Where the reader looks is kept once they have stayed there for this long. */
export const VIEW_DELAY_MS = 2_000;
export const RETRY_DELAYS_MS = [2_000, 5_000, 10_000, 30_000];

/** Refusals of a view that tell something of the read itself. */
const WORTH_A_WORD = new Set(["stale_draft", "read_locked", "not_found"]);

/** Saves a draft as it changes: at once in this browser, a moment later on the server, one request at a time. */
export class DraftSaver {
  private readonly options: SaverOptions;
  private readonly clientId: string;
  private revision: number;
  /** What is to be saved; null when the server has all. */
  private content: DraftContent | null = null;
  /** What was entered last, sent or not. */
  private held: DraftContent;
  private changes = 0;
  /** What the server has of the one part that is sent only when it changed. */
  private labelmaps: DraftContent["labelmaps"];
  private view: StoredView | undefined;
  private isViewUnsent = false;
  private isQuiet = false;
  /** Something was entered that is handed over in a moment. */
  private isComing = false;
  private arrive: () => void = () => {};
  private arrived: Promise<void> = Promise.resolve();
  /** The state but for what is coming. */
  private reached: SaveState;
  /** A submission rests on the revision that the server has: nothing is to move it. */
  private isSettled = false;
  private sending: Promise<void> | null = null;
  private unconfirmed: Sending[] = [];
  /** What the server did not take, and is not sent again as it is. */
  private refused: readonly RefusedPart[] = [];
  /** What the server had of this page's content when it last answered. */
  private confirmed: DraftContent;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = false;
  private kept: Kept = "kept";
  private keeping: Promise<void> = Promise.resolve();
  private unsavedSince: number | null;
  state: SaveState;

  constructor(options: SaverOptions) {
    this.options = options;
    this.revision = options.revision;
    this.held = options.content;
    this.labelmaps = options.content.labelmaps;
    this.unsavedSince = options.keptAt ?? null;
    this.confirmed = options.content;
    this.clientId = options.clientId ?? newUuid();
    this.state = { kind: "saved", at: options.savedAt };
    this.reached = this.state;
    globalThis.addEventListener?.("online", this.resume);
  }

  /** The draft is now this. */
  change(content: DraftContent): void {
    if (this.isStopped) return;
    this.isSettled = false;
    this.content = content;
    this.held = content;
    this.changes += 1;
    this.unsavedSince ??= this.now();
    this.keep(content);
    if (this.state.kind === "elsewhere") return;
    if (this.state.kind !== "offline" && (this.sending === null || this.isQuiet)) {
      this.setState({ kind: "unsaved" });
    }
    this.schedule(this.options.delayMs ?? SAVE_DELAY_MS);
  }

  /** Something was entered that is handed over as a change in a moment, or all of it has been. */
  expect(isComing: boolean): void {
    if (isComing === this.isComing) return;
    this.isComing = isComing;
    this.arrive();
    if (isComing) {
      this.arrived = new Promise((resolve) => {
        this.arrive = resolve;
      });
    }
    this.setState(this.reached);
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
    if (this.isStopped || this.isSettled || this.state.kind === "elsewhere") return;
    if (this.content !== null) this.sending = this.send(this.content, keepalive);
    else if (this.isViewUnsent) this.sending = this.sendQuietly(this.held, keepalive);
    if (this.sending) await this.sending;
  }

  /** Whether all that was entered lies on the server or in this browser, once what is under way has ended. */
  async isSafe(): Promise<boolean> {
    await this.keeping;
    return !this.isComing && (this.content === null || this.kept === "kept");
  }

  /** Whether ending the page now would lose something. */
  get wouldLose(): boolean {
    return !this.isStopped && (this.isComing || this.liesHereAlone);
  }

  /** Whether something was entered that neither the server nor this browser's storage has. */
  get liesHereAlone(): boolean {
    const hasAll = this.content === null && stillRefused(this.refused, this.held).length === 0;
    return !this.isStopped && (!hasAll || this.isComing) && this.kept !== "kept";
  }

  /** Send all that is entered, at once, and what is still coming as soon as it has come. */
  async flushAll(): Promise<void> {
    await this.flush(true);
    await this.arrived;
    await this.flush(true);
  }

  /** Wait for the request under way and start no other until the next change; the revision that the server then has. */
  async settle(): Promise<number> {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    clearTimeout(this.timer);
    this.isSettled = true;
    return this.revision;
  }

  /** What of the content is to be sent: labelmaps that the server has stay there. */
  unsent(content: DraftContent): DraftContent {
    const { labelmaps, ...others } = this.options.sendable(content);
    return isSameLabelmaps(labelmaps, this.labelmaps) ? others : { ...others, labelmaps: labelmaps ?? [] };
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

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delayMs);
  }

  private keep(content: DraftContent): void {
    const keptAt = this.unsavedSince ?? this.now();
    const saved = saveId(this.clientId, this.changes);
    this.keeping = this.options.local
      .keep(this.options.draft, { content, baseRevision: this.revision, keptAt, saveId: saved })
      .then((kept) => {
        this.kept = kept;
        if (this.state.kind === "offline") this.setState({ ...this.state, kept });
      });
  }

  private async send(content: DraftContent, keepalive: boolean): Promise<void> {
    if (this.state.kind !== "offline") this.setState({ kind: "saving" });
    const sending = this.begin(content);
    try {
      this.noteSaved(sending, await this.put(sending, keepalive));
    } catch (error) {
      if (!this.noteRefused(error, sending)) await this.noteFailure(error);
    } finally {
      this.sending = null;
    }
    if (this.content !== null && this.content !== content && this.state.kind === "unsaved") this.schedule(0);
  }

  /** Save the view alone. Whether that works is nothing to trouble a reader with: what was entered is safe. */
  private async sendQuietly(content: DraftContent, keepalive: boolean): Promise<void> {
    this.isQuiet = true;
    const sending = this.begin(content);
    try {
      this.noteArrived(sending, await this.put(sending, keepalive));
    } catch (error) {
      if (isApiError(error) && WORTH_A_WORD.has(error.code)) await this.noteFailure(error);
    } finally {
      this.isQuiet = false;
      this.sending = null;
    }
    if (this.content !== null) this.schedule(0);
  }

  private begin(content: DraftContent): Sending {
    const sent = withoutRefused(this.options.sendable(content), this.refused);
    const sending = { content, sent, changes: this.changes };
    this.unconfirmed.push(sending);
    return sending;
  }

  private put({ content, changes, sent }: Sending, keepalive: boolean): Promise<SavedDraft> {
    this.isViewUnsent = false;
    const client_id = saveId(this.clientId, changes);
    const parts = { ...this.unsent(content), ...drawnAndAnswered(sent) };
    const draft = { ...parts, revision: this.revision, client_id };
    return this.options.server.put(this.view ? { ...draft, view: this.view } : draft, keepalive);
  }

  private noteArrived({ content, sent }: Sending, { revision }: Pick<SavedDraft, "revision">): void {
    this.revision = revision;
    this.confirmed = sent;
    this.labelmaps = content.labelmaps;
    this.unconfirmed = [];
  }

  private noteSaved(sending: Sending, saved: SavedDraft): void {
    this.noteArrived(sending, saved);
    this.failures = 0;
    if (this.content === null) return;
    if (this.content !== sending.content) {
      this.unsavedSince = this.now();
      this.setState({ kind: "unsaved" });
      return;
    }
    this.content = null;
    this.unsavedSince = null;
    if (isAllSent(sending.content, sending.sent)) void this.options.local.drop(this.options.draft);
    else this.keep(sending.content);
    const refused = stillRefused(this.refused, sending.content);
    this.setState({ kind: "saved", at: saved.saved_at, ...(refused.length > 0 && { refused }) });
  }

  /** Whether the server named parts that it does not take: all the others are then sent without them. */
  private noteRefused(error: unknown, { content, sent }: Sending): boolean {
    const parts = isApiError(error, "invalid") ? refusedParts(error, sent) : [];
    if (parts.length === 0 || this.isStopped) return false;
    this.refused = [...stillRefused(this.refused, content), ...parts];
    this.setState({ kind: "unsaved" });
    this.schedule(0);
    return true;
  }

  private async noteFailure(error: unknown): Promise<void> {
    if (this.isStopped) return;
    if (isApiError(error, "stale_draft")) return this.resolveStale(error);
    if (isApiError(error, "read_locked")) return this.leave(this.options.onLocked);
    if (isApiError(error, "not_found")) return this.leave(this.options.onGone);
    const obstacle = obstacleIn(error);
    if (obstacle !== null) this.noteOffline(obstacle);
    else this.setState({ kind: "refused", text: (error as ApiError).text });
  }

  private leave(tell: () => void): void {
    this.stop();
    tell();
  }

  private noteOffline(obstacle: Obstacle): void {
    const since = this.unsavedSince ?? this.now();
    this.setState({ kind: "offline", obstacle, kept: this.kept, since });
    // Who is not signed in is on the way to the door, and goes on from what is kept here.
    if (obstacle === "signed_out") return;
    const delay = RETRY_DELAYS_MS[Math.min(this.failures, RETRY_DELAYS_MS.length - 1)] ?? 0;
    this.failures += 1;
    this.schedule(delay);
  }

  /**
   * The server has a newer revision than ours. When this page saved it, or it holds what we sent, only the answer was
   * lost on the way, and we go on from there. When it still holds what we last knew, another tab has kept where it
   * looks and nothing else, and we go on too. Otherwise another tab or computer has saved entries, and nothing is
   * overwritten.
   */
  private async resolveStale(error: ApiError): Promise<void> {
    const changes = changesIn(error.extra.client_id, this.clientId);
    const ours = this.unconfirmed.find((one) => one.changes === changes);
    const revision = Number(error.extra.revision);
    if (ours && Number.isSafeInteger(revision)) return this.goOnFrom(ours, { revision, saved_at: null });
    try {
      const current = await this.options.server.current();
      if (this.isStopped) return;
      const arrived = current && this.unconfirmed.find(({ sent }) => isSameContent(current, sent));
      if (current && arrived) {
        // Nothing was entered, so it was the view that was refused.
        if (this.content === null) this.isViewUnsent = true;
        return this.goOnFrom(arrived, current);
      }
      if (current && isSameContent(current, this.confirmed)) {
        this.revision = current.revision;
        this.schedule(0);
        return;
      }
      this.setState({ kind: "elsewhere" });
    } catch (failure) {
      const obstacle = obstacleIn(failure);
      if (obstacle !== null) this.noteOffline(obstacle);
      else this.setState({ kind: "elsewhere" });
    }
  }

  private goOnFrom(arrived: Sending, at: { revision: number; saved_at: string | null }): void {
    const saved_at = at.saved_at ?? new Date(this.now()).toISOString();
    this.noteSaved(arrived, { revision: at.revision, saved_at });
    this.schedule(0);
  }

  private setState(state: SaveState): void {
    this.reached = state;
    this.state = state.kind === "saved" && this.isComing ? { kind: "unsaved" } : state;
    if (!this.isStopped) this.options.onState(this.state);
  }
}

/** The parts of a draft of which single entries may be refused. */
function drawnAndAnswered({ answers, measurements, annotations }: DraftContent): DraftContent {
  return annotations ? { answers, measurements, annotations } : { answers, measurements };
}

/** What keeps the server from having it, where trying again may help; null where it has said no. */
function obstacleIn(error: unknown): Obstacle | null {
  if (!(error instanceof ApiError)) return "failing";
  if (error.isOffline) return "unreachable";
  // Something on the way answered in the server's place, or cut its answer off.
  if (error.code === "bad_response") return "failing";
  if (error.status === 401) return "signed_out";
  if (error.code === "disk_full") return "disk_full";
  return error.status >= 500 ? "failing" : null;
}
