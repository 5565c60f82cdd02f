import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Claim, HANDOVER_MS, TabClaim } from "./tab-claim";

type Holder = { reject: (reason: DOMException) => void };

/** The browser's locks, as far as one name goes (W3C Web Locks API: `ifAvailable`, `steal`, `signal`). */
class OneLock {
  private holder: Holder | null = null;
  private readonly queue: (() => void)[] = [];

  async request(_name: string, options: LockOptions, grant: (lock: Lock | null) => Promise<void>) {
    if (options.steal && this.holder) {
      this.holder.reject(new DOMException("stolen", "AbortError"));
      this.holder = null;
    }
    if (this.holder && options.ifAvailable) return grant(null);
    if (this.holder) await this.turn(options.signal);
    return this.hold(grant);
  }

  private turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push(resolve);
      signal?.addEventListener("abort", () => {
        this.queue.splice(this.queue.indexOf(resolve), 1);
        reject(new DOMException("aborted", "AbortError"));
      });
    });
  }

  private async hold(grant: (lock: Lock | null) => Promise<void>): Promise<void> {
    let mine: Holder | null = null;
    const taken = new Promise<never>((_resolve, reject) => {
      mine = { reject };
    });
    this.holder = mine;
    try {
      await Promise.race([grant({ name: "read", mode: "exclusive" }), taken]);
    } finally {
      if (this.holder === mine) {
        this.holder = null;
        this.queue.shift()?.();
      }
    }
  }
}

/** A channel between the tabs of one test. */
class Wire extends EventTarget {
  private readonly others: Wire[];

  constructor(others: Wire[]) {
    super();
    this.others = others;
    others.push(this);
  }

  postMessage(data: unknown): void {
    for (const other of [...this.others]) {
      if (other !== this) queueMicrotask(() => other.dispatchEvent(new MessageEvent("message", { data })));
    }
  }

  close(): void {
    this.others.splice(this.others.indexOf(this), 1);
  }
}

describe("TabClaim", () => {
  let locks: OneLock;
  let wires: Wire[];

  beforeEach(() => {
    vi.useFakeTimers();
    locks = new OneLock();
    wires = [];
  });
  afterEach(() => vi.useRealTimers());

  const settled = () => vi.advanceTimersByTimeAsync(0);

  async function tab(onLeave: () => Promise<boolean> = async () => true) {
    const said: Claim[] = [];
    const claim = new TabClaim({
      name: "read",
      onChange: (now) => said.push(now),
      onLeave,
      locks: locks as unknown as LockManager,
      channel: new Wire(wires) as unknown as BroadcastChannel,
    });
    claim.start();
    await settled();
    return { claim, said, now: () => said.at(-1) };
  }

  it("lets the first tab write and tells the second", async () => {
    const [first, second] = [await tab(), await tab()];
    expect(first.said).toEqual(["here"]);
    expect(second.said).toEqual(["elsewhere"]);
  });

  it("leaves the read to the next when a tab is closed", async () => {
    const [first, second] = [await tab(), await tab()];
    first.claim.stop();
    await settled();
    expect(second.said).toEqual(["elsewhere", "here"]);
    expect(first.said).toEqual(["here"]);
  });

  it("takes over once the other has brought its entries into safety, and back again", async () => {
    let save: (isSafe: boolean) => void = () => {};
    const leaving = () =>
      new Promise<boolean>((resolve) => {
        save = resolve;
      });
    const [first, second, third] = [await tab(leaving), await tab(), await tab()];
    void third.claim.takeOver();
    await settled();
    expect(first.now()).toBe("here");
    save(true);
    await settled();
    expect([first.now(), second.now(), third.now()]).toEqual(["taken", "elsewhere", "here"]);
    void first.claim.takeOver();
    await settled();
    expect([first.now(), second.now(), third.now()]).toEqual(["here", "elsewhere", "taken"]);
    first.claim.stop();
    await settled();
    expect([second.now(), third.now()]).toEqual(["here", "taken"]);
  });

  it("does not take a read from a tab whose entries lie nowhere else", async () => {
    const [first, second] = [await tab(async () => false), await tab()];
    void second.claim.takeOver();
    await vi.advanceTimersByTimeAsync(2 * HANDOVER_MS);
    expect([first.now(), second.now()]).toEqual(["here", "unsaved"]);
  });

  it("does not wait for ever for a tab that hangs", async () => {
    const [first, second] = [await tab(() => new Promise(() => {})), await tab()];
    void second.claim.takeOver();
    await vi.advanceTimersByTimeAsync(HANDOVER_MS - 1);
    expect(second.now()).toBe("elsewhere");
    await vi.advanceTimersByTimeAsync(1);
    expect([first.now(), second.now()]).toEqual(["taken", "here"]);
  });

  it("lets every tab write where the browser has no locks", () => {
    const said: Claim[] = [];
    new TabClaim({ name: "read", onChange: (now) => said.push(now), onLeave: async () => true }).start();
    expect(said).toEqual(["here"]);
  });
});
