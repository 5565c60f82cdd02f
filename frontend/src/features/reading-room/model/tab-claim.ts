import { newUuid } from "./uuid";

/**
 * Which of the tabs of this browser a read is in.
 *
 * `asking`: not known yet. `here`: this tab writes. `elsewhere`: another does. `unsaved`: another does, and holds
 * entries that lie nowhere else. `taken`: this tab did, until another went on with the read.
 */
export type Claim = "asking" | "here" | "elsewhere" | "unsaved" | "taken";

type Word = "handover" | "ready" | "unsaved";

interface Message {
  word: Word;
  from: string;
  to: string | null;
}

interface ClaimOptions {
  name: string;
  onChange: (claim: Claim) => void;
  /** Bring what was entered into safety; false where that cannot be done now. */
  onLeave: () => Promise<boolean>;
  locks?: LockManager;
  channel?: BroadcastChannel;
}

/** How long a tab that writes may take to hand a read over; one that hangs is not waited for. */
export const HANDOVER_MS = 3_000;

/**
 * Lets one tab of a browser write to a read.
 *
 * The tab that has the lock writes. Another can ask it to hand over: it saves what it has, and the lock is taken from
 * it. A tab that ends leaves the lock to the next. Without the browser's locks (plain HTTP) every tab writes, and the
 * server's revisions alone keep them from overwriting each other.
 */
export class TabClaim {
  private readonly options: ClaimOptions;
  private readonly locks: LockManager | undefined;
  private readonly channel: BroadcastChannel | null;
  private readonly id = newUuid();
  private claim: Claim = "asking";
  private turn = 0;
  private waiting = new AbortController();
  private release: () => void = () => {};
  private hear: (word: Word) => void = () => {};
  private hasStopped = false;

  constructor(options: ClaimOptions) {
    this.options = options;
    this.locks = options.locks ?? navigator.locks;
    this.channel = this.locks ? (options.channel ?? new BroadcastChannel(options.name)) : null;
    this.channel?.addEventListener("message", this.heard);
  }

  start(): void {
    if (this.locks) void this.ask({ ifAvailable: true });
    else this.set("here");
  }

  get isHeld(): boolean {
    return this.claim === "here";
  }

  get isStopped(): boolean {
    return this.hasStopped;
  }

  /** Go on with the read in this tab. */
  async takeOver(): Promise<void> {
    const answer = await this.askHolder();
    if (this.hasStopped || this.claim === "here") return;
    if (answer === "unsaved") {
      this.set("unsaved");
      return;
    }
    this.waiting.abort();
    void this.ask({ steal: true });
  }

  stop(): void {
    this.hasStopped = true;
    this.waiting.abort();
    this.release();
    this.channel?.removeEventListener("message", this.heard);
    this.channel?.close();
  }

  private async ask(options: LockOptions): Promise<void> {
    this.turn += 1;
    const turn = this.turn;
    try {
      await this.locks?.request(this.options.name, options, (lock) => this.hold(lock));
    } catch (error) {
      if (this.hasStopped || turn !== this.turn || options.signal?.aborted) return;
      if (!(error instanceof DOMException) || error.name !== "AbortError") {
        this.set("here");
        return;
      }
      this.set("taken");
      void this.wait();
    }
  }

  private async hold(lock: Lock | null): Promise<void> {
    if (this.hasStopped) return;
    if (lock === null) {
      this.set("elsewhere");
      void this.wait();
      return;
    }
    this.set("here");
    await new Promise<void>((release) => {
      this.release = release;
    });
  }

  /** Be the next, should the tab that writes be closed. */
  private wait(): Promise<void> {
    this.waiting = new AbortController();
    return this.ask({ signal: this.waiting.signal });
  }

  private askHolder(): Promise<Word | null> {
    return new Promise((answered) => {
      const tooLong = setTimeout(() => answered(null), HANDOVER_MS);
      this.hear = (word) => {
        clearTimeout(tooLong);
        answered(word);
      };
      this.say("handover", null);
    });
  }

  private readonly heard = ({ data }: MessageEvent<Message>): void => {
    if (data.to === this.id) this.hear(data.word);
    else if (data.word === "handover" && this.claim === "here") void this.handOver(data.from);
  };

  private async handOver(to: string): Promise<void> {
    const isSafe = await this.options.onLeave();
    if (!this.hasStopped) this.say(isSafe ? "ready" : "unsaved", to);
  }

  private say(word: Word, to: string | null): void {
    this.channel?.postMessage({ word, from: this.id, to } satisfies Message);
  }

  private set(claim: Claim): void {
    this.claim = claim;
    if (!this.hasStopped) this.options.onChange(claim);
  }
}
