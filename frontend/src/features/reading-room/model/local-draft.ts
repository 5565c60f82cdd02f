import { z } from "../../../shared/api/zod";
import type { DraftContent } from "../api/put-draft";
import type { Labelmap, OpenRead } from "../api/read";
import { type DraftStore, IndexedDrafts } from "./draft-store";
import type { ClockRecord } from "./timing";
import { newUuid } from "./uuid";

/** A draft as this browser keeps it until the server has it. */
export interface LocalDraft {
  content: DraftContent;
  /** The server's revision that the content was entered upon. */
  baseRevision: number;
  /** Epoch ms of the first entry that the server did not have. */
  keptAt: number;
  /** The page that kept it, and after how many changes; empty where no page saves it to the server. */
  saveId: string;
}

/** Whose draft of what: nobody else who signs in in this browser is given it. */
export interface DraftKey {
  reader: string;
  study: string;
  read: string;
}

export const keyOf = (read: Pick<OpenRead, "id" | "reader" | "study">): DraftKey => ({
  reader: read.reader,
  study: read.study.slug,
  read: read.id,
});

function keyIn(stored: string): DraftKey | null {
  const parts = z.tuple([z.string(), z.string(), z.string()]).safeParse(JSON.parse(stored));
  return parts.success ? { reader: parts.data[0], study: parts.data[1], read: parts.data[2] } : null;
}

/** What became of a draft that was to be kept: its storage is full, or there is none. */
export type Kept = "kept" | "full" | "refused";

export type KeyValueStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const localSchema = z.object({
  content: z.object({
    answers: z.record(z.string(), z.any()),
    measurements: z.array(z.any()),
    annotations: z.array(z.any()).optional(),
  }),
  baseRevision: z.number(),
  keptAt: z.number(),
  saveId: z.string().default(""),
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
/** Where drafts lay before they had a database of their own. */
const earlierKey = (readId: string): string => `reading-room:draft:${readId}`;
const submissionKey = (readId: string): string => `reading-room:submission:${readId}`;
const storeKey = ({ reader, study, read }: DraftKey): string => JSON.stringify([reader, study, read]);

/**
 * What this browser keeps of a read so that a crash or a lost network loses nothing.
 *
 * Drafts lie in a database. The clock and the key of a submission are small and are written as the page goes away, when
 * a database would answer too late; neither holds an answer.
 */
export class LocalDrafts {
  private readonly store: DraftStore;
  private readonly small: KeyValueStore;
  private readonly forgotten = new Set<string>();
  /** What is to be written next, by key; null is to be removed. Only the last of several is. */
  private readonly wanted = new Map<string, LocalDraft | null>();
  private readonly writing = new Map<string, Promise<Kept>>();
  private readonly writtenLabelmaps = new Map<string, readonly Labelmap[] | undefined>();

  constructor(store: DraftStore = new IndexedDrafts(), small: KeyValueStore = window.localStorage) {
    this.store = store;
    this.small = small;
  }

  /** Keep a draft; resolves once it, or a later one of the same read, lies on the disk or cannot. */
  keep(key: DraftKey, draft: LocalDraft): Promise<Kept> {
    return this.forgotten.has(key.read) ? Promise.resolve("kept") : this.want(key, draft);
  }

  async find(key: DraftKey): Promise<LocalDraft | null> {
    await this.writing.get(storeKey(key));
    try {
      return (await this.stored(key)) ?? (await this.moved(key));
    } catch {
      return this.earlier(key);
    }
  }

  keepClock(readId: string, record: ClockRecord): void {
    if (!this.forgotten.has(readId)) this.write(clockKey(readId), JSON.stringify(record));
  }

  findClock(readId: string): ClockRecord | null {
    return parsed(this.read(clockKey(readId)), clockSchema);
  }

  /** Forget the draft: the server has it. */
  async drop(key: DraftKey): Promise<void> {
    this.erase(earlierKey(key.read));
    await this.want(key, null);
  }

  /** Forget all of a read: it is submitted. */
  async forget(key: DraftKey): Promise<void> {
    this.forgotten.add(key.read);
    this.eraseSmall(key.read);
    await this.drop(key);
  }

  /** Forget all of a read that was submitted somewhere else: nothing that is kept of it can be sent any more. */
  async forgetLocked(readId: string): Promise<void> {
    const known = await this.store.keys().catch(() => []);
    const keys = known.map(keyIn).filter((key) => key?.read === readId);
    for (const key of keys) if (key) await this.forget(key);
    this.eraseSmall(readId);
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

  private want(key: DraftKey, draft: LocalDraft | null): Promise<Kept> {
    const at = storeKey(key);
    this.wanted.set(at, draft);
    const before = this.writing.get(at) ?? Promise.resolve<Kept>("kept");
    const now = before.then((outcome) => this.writeWanted(at, outcome));
    this.writing.set(at, now);
    return now;
  }

  private async writeWanted(at: string, outcome: Kept): Promise<Kept> {
    const draft = this.wanted.get(at);
    if (draft === undefined) return outcome;
    this.wanted.delete(at);
    try {
      if (draft === null) await this.removeAt(at);
      else await this.putAt(at, draft);
      return "kept";
    } catch (error) {
      // An earlier draft stays where it is: older than the reader's last word, and better than none.
      return error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "refused";
    }
  }

  private async putAt(at: string, { content, ...rest }: LocalDraft): Promise<void> {
    const { labelmaps, ...others } = content;
    const isWritten = this.writtenLabelmaps.has(at) && this.writtenLabelmaps.get(at) === labelmaps;
    await this.store.put(at, { ...rest, content: others }, isWritten ? undefined : (labelmaps ?? []));
    this.writtenLabelmaps.set(at, labelmaps);
  }

  private async removeAt(at: string): Promise<void> {
    this.writtenLabelmaps.delete(at);
    await this.store.remove(at);
  }

  private async stored(key: DraftKey): Promise<LocalDraft | null> {
    const found = await this.store.get(storeKey(key));
    const draft = localSchema.safeParse(found?.draft);
    if (!draft.success) return null;
    // Where they are missing it is not known what was painted: that is not the same as nothing.
    const labelmaps = Array.isArray(found?.labelmaps) ? (found.labelmaps as Labelmap[]) : undefined;
    return { ...draft.data, content: { ...draft.data.content, labelmaps } };
  }

  /** Take a draft over from where an earlier version of the product kept it. */
  private async moved(key: DraftKey): Promise<LocalDraft | null> {
    const draft = this.earlier(key);
    if (draft !== null && (await this.keep(key, draft)) === "kept") this.erase(earlierKey(key.read));
    return draft;
  }

  private earlier(key: DraftKey): LocalDraft | null {
    return parsed(this.read(earlierKey(key.read)), localSchema);
  }

  private read(key: string): string | null {
    try {
      return this.small.getItem(key);
    } catch {
      return null;
    }
  }

  private write(key: string, value: string): void {
    try {
      this.small.setItem(key, value);
    } catch {
      // The clock starts anew, and a submission is still given its key by the page.
    }
  }

  private eraseSmall(readId: string): void {
    for (const key of [clockKey, submissionKey, earlierKey]) this.erase(key(readId));
  }

  private erase(key: string): void {
    try {
      this.small.removeItem(key);
    } catch {
      // Nothing is kept where nothing may be.
    }
  }
}

function parsed<T>(kept: string | null, schema: z.ZodType<T>): T | null {
  if (kept === null) return null;
  try {
    const found = schema.safeParse(JSON.parse(kept));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}
