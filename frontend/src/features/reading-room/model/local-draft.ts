import { z } from "../../../shared/api/zod";
import type { DraftContent } from "../api/put-draft";
import type { ClockRecord } from "./timing";
import { newUuid } from "./uuid";

/** A draft as this browser keeps it until the server has it. */
export interface LocalDraft {
  content: DraftContent;
  /** The server's revision that the content was entered upon. */
  baseRevision: number;
  /** Epoch ms. */
  keptAt: number;
}

export type KeyValueStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const localSchema = z.object({
  content: z.object({ answers: z.record(z.string(), z.any()), measurements: z.array(z.any()) }),
  baseRevision: z.number(),
  keptAt: z.number(),
});

const clockSchema = z.object({
  firstImageMs: z.number().nullable(),
  firstInteractionMs: z.number().nullable(),
  activeMs: z.number(),
  idleMs: z.number(),
  blurMs: z.number(),
  wallMs: z.number(),
  aidOpenMs: z.number(),
  clicks: z.number(),
  keyPresses: z.number(),
  gestures: z.object({
    scrolls: z.number(),
    window_changes: z.number(),
    zooms: z.number(),
    pans: z.number(),
  }),
  seen: z.array(z.string()),
});

const clockKey = (readId: string): string => `reading-room:clock:${readId}`;
const draftKey = (readId: string): string => `reading-room:draft:${readId}`;
const submissionKey = (readId: string): string => `reading-room:submission:${readId}`;

/** What this browser keeps of a read so that a crash or a lost network loses nothing. */
export class LocalDrafts {
  private readonly store: KeyValueStore;
  private readonly forgotten = new Set<string>();

  constructor(store: KeyValueStore = window.localStorage) {
    this.store = store;
  }

  /** False when the browser keeps nothing (storage full or forbidden). */
  keep(readId: string, draft: LocalDraft): boolean {
    return this.write(draftKey(readId), JSON.stringify(draft));
  }

  find(readId: string): LocalDraft | null {
    return this.parsed(draftKey(readId), localSchema);
  }

  keepClock(readId: string, record: ClockRecord): void {
    if (!this.forgotten.has(readId)) this.write(clockKey(readId), JSON.stringify(record));
  }

  findClock(readId: string): ClockRecord | null {
    return this.parsed(clockKey(readId), clockSchema);
  }

  /** Forget the draft: the server has it. */
  drop(readId: string): void {
    this.store.removeItem(draftKey(readId));
  }

  /** Forget all of a read: it is submitted. */
  forget(readId: string): void {
    this.forgotten.add(readId);
    this.drop(readId);
    this.store.removeItem(clockKey(readId));
    this.store.removeItem(submissionKey(readId));
  }

  /** The key under which this read is submitted: the same one for every try. */
  submissionId(readId: string): string {
    const known = this.read(submissionKey(readId));
    if (known !== null) return known;
    const made = newUuid();
    // Without storage the key lives as long as the page, which still covers a retry.
    this.write(submissionKey(readId), made);
    return made;
  }

  private read(key: string): string | null {
    try {
      return this.store.getItem(key);
    } catch {
      return null;
    }
  }

  private write(key: string, value: string): boolean {
    try {
      this.store.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }

  private parsed<T>(key: string, schema: z.ZodType<T>): T | null {
    const kept = this.read(key);
    if (kept === null) return null;
    try {
      const parsed = schema.safeParse(JSON.parse(kept));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }
}
