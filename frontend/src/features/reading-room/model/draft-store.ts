/** Where drafts lie in this browser. */
export interface DraftStore {
  get(key: string): Promise<StoredDraft | null>;
  /** `labelmaps` undefined leaves those that lie there. Rejects when nothing was kept. */
  put(key: string, draft: unknown, labelmaps?: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  keys(): Promise<string[]>;
}

export interface StoredDraft {
  draft: unknown;
  labelmaps: unknown;
}

const NAME = "reading-room";
const VERSION = 1;
const DRAFTS = "drafts";
/** Apart from the drafts, so that an answer is kept without writing megabytes again. */
const LABELMAPS = "labelmaps";

/** IndexedDB: it takes megabytes, and what it has said to be kept outlives the page and the browser. */
export class IndexedDrafts implements DraftStore {
  private opened: Promise<IDBDatabase> | null = null;

  async get(key: string): Promise<StoredDraft | null> {
    const transaction = (await this.open()).transaction([DRAFTS, LABELMAPS], "readonly");
    const draft = transaction.objectStore(DRAFTS).get(key);
    const labelmaps = transaction.objectStore(LABELMAPS).get(key);
    await finished(transaction);
    return draft.result === undefined ? null : { draft: draft.result, labelmaps: labelmaps.result };
  }

  put(key: string, draft: unknown, labelmaps?: unknown): Promise<void> {
    // It is kept once it lies on the disk, and not in a buffer that a power cut empties.
    return this.write("strict", (drafts, maps) => {
      drafts.put(draft, key);
      if (labelmaps !== undefined) maps.put(labelmaps, key);
    });
  }

  remove(key: string): Promise<void> {
    // What a power cut brings back is compared with what the server has. The next case would wait for the disk.
    return this.write("relaxed", (drafts, maps) => {
      drafts.delete(key);
      maps.delete(key);
    });
  }

  async keys(): Promise<string[]> {
    const transaction = (await this.open()).transaction(DRAFTS, "readonly");
    const asked = transaction.objectStore(DRAFTS).getAllKeys();
    await finished(transaction);
    return asked.result.map(String);
  }

  private async write(
    durability: IDBTransactionDurability,
    does: (drafts: IDBObjectStore, labelmaps: IDBObjectStore) => void,
  ): Promise<void> {
    const database = await this.open();
    const transaction = database.transaction([DRAFTS, LABELMAPS], "readwrite", { durability });
    does(transaction.objectStore(DRAFTS), transaction.objectStore(LABELMAPS));
    await finished(transaction);
  }

  private open(): Promise<IDBDatabase> {
    this.opened ??= opening().then((database) => {
      // The browser closes it when its data are cleared; the next write opens it anew.
      const closed = () => {
        this.opened = null;
      };
      database.addEventListener("close", closed);
      database.addEventListener("versionchange", () => {
        closed();
        database.close();
      });
      return database;
    });
    this.opened.catch(() => {
      this.opened = null;
    });
    return this.opened;
  }
}

function opening(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(DRAFTS);
      asked.result.createObjectStore(LABELMAPS);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
