import type { CutBox } from "./box";
import type { GrowParameters, GrowRefusal, GrowResult } from "./grow";
import type { GrowAnswer, GrowRequest } from "./grow-worker";

/** A region in a box of a series, with the parameters that made it. */
export interface GrownRegion {
  result: GrowResult;
  cut: CutBox;
  parameters: GrowParameters;
}

/** What the client needs of a worker. */
export interface GrowPort {
  postMessage(request: GrowRequest): void;
  onmessage: ((event: MessageEvent<GrowAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

export type CutBoxOf = (boxMm: number) => CutBox | null;

/** What an object too large for its box looks like: it is tried again in one this many times as wide. */
const TRIED_AGAIN: readonly GrowRefusal[] = ["leak", "no_edge"];
const WIDER = 1.5;
const SHELL_MARGIN_MM = 2;

/** A later click took this one's place. */
export class Superseded extends Error {
  constructor() {
    super("A later click took the place of this one.");
    this.name = "Superseded";
  }
}

const openWorker = (): GrowPort =>
  new Worker(new URL("./grow-worker.ts", import.meta.url), { type: "module" });

/** Grows regions off the page's thread, one at a time; only the last one asked for is answered. */
export class GrowClient {
  private readonly open: () => GrowPort;
  private port: GrowPort | null = null;
  private waiting: {
    id: number;
    resolve: (result: GrowResult) => void;
    reject: (error: Error) => void;
  } | null = null;
  private lastId = 0;

  constructor(open: () => GrowPort = openWorker) {
    this.open = open;
  }

  /**
   * Grow from the seed of a box, and where that may be too small, once more in a wider one.
   *
   * Rejects with `Superseded` when another is asked for before this one is done.
   */
  async grow(cutBoxOf: CutBoxOf, parameters: GrowParameters): Promise<GrownRegion | null> {
    const first = await this.growOnce(cutBoxOf, parameters);
    if (first?.result.kind !== "refused" || !TRIED_AGAIN.includes(first.result.reason)) return first;
    const box_mm = parameters.box_mm * WIDER;
    const wider = await this.growOnce(cutBoxOf, {
      ...parameters,
      box_mm,
      shell_mm: box_mm / 2 - SHELL_MARGIN_MM,
    });
    return wider?.result.kind === "grown" ? wider : first;
  }

  /** Open the worker before the first click, which then does not wait for it. */
  warm(): void {
    this.port ??= this.listen(this.open());
  }

  /** Give up what is under way: its answer will not be listened to. */
  cancel(): void {
    this.waiting?.reject(new Superseded());
    this.waiting = null;
  }

  dispose(): void {
    this.cancel();
    this.close();
  }

  private async growOnce(cutBoxOf: CutBoxOf, parameters: GrowParameters): Promise<GrownRegion | null> {
    const cut = cutBoxOf(parameters.box_mm);
    if (!cut) return null;
    return { result: await this.ask(cut, parameters), cut, parameters };
  }

  private ask(cut: CutBox, parameters: GrowParameters): Promise<GrowResult> {
    this.cancel();
    const id = ++this.lastId;
    this.port ??= this.listen(this.open());
    const { port } = this;
    return new Promise((resolve, reject) => {
      this.waiting = { id, resolve, reject };
      port.postMessage({ id, box: cut.box, seed: cut.seed, parameters });
    });
  }

  private listen(port: GrowPort): GrowPort {
    port.onmessage = ({ data }) => {
      if (data.id !== this.waiting?.id) return;
      const { resolve, reject } = this.waiting;
      this.waiting = null;
      if ("result" in data) resolve(data.result);
      else reject(new Error(data.error));
    };
    port.onerror = (event) => {
      const { waiting } = this;
      this.close();
      waiting?.reject(new Error(event.message || "The program that grows regions could not be started."));
    };
    return port;
  }

  /** The next request opens another worker. */
  private close(): void {
    this.port?.terminate();
    this.port = null;
    this.waiting = null;
  }
}
