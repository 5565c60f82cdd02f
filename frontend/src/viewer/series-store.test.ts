import { describe, expect, it, vi } from "vitest";
import { framesLanded, trackFrames } from "./frames-under-way";
import { SeriesStore } from "./series-store";
import type { DicomJson, ViewerSeries } from "./types";

const library = vi.hoisted(() => ({
  kinds: new Map<string, Int16Array | Uint8Array | Uint16Array>(),
  registered: new Map<string, unknown>(),
  frames: new Map<string, () => void>(),
  middle: new Uint16Array(0),
  load: ((imageId: string) => imageId) as (imageId: string) => unknown,
  volume: { dataType: "Uint8Array", imageData: { set: vi.fn() }, load: (done: () => void) => done() },
}));

// The library needs WebGL and workers; what of it is used here are its tables.
vi.mock("@cornerstonejs/core", () => ({
  cache: {
    getImage: (imageId: string) => ({ getPixelData: () => library.kinds.get(imageId) }),
    getImageLoadObject: () => undefined,
    purgeCache: () => {},
    purgeVolumeCache: () => {},
  },
  imageLoader: {
    loadAndCacheImage: async () => ({ getPixelData: () => library.middle }),
    registerImageLoader: (_: string, load: (imageId: string) => unknown) => {
      library.load = load;
    },
  },
  utilities: { uuidv4: () => "1" },
  volumeLoader: { createAndCacheVolume: async () => library.volume },
}));
vi.mock("@cornerstonejs/dicom-image-loader", () => ({
  wadors: {
    metaDataManager: {
      add: (imageId: string, metadata: unknown) => library.registered.set(imageId, metadata),
      get: (imageId: string) => library.registered.get(imageId),
      purge: () => library.registered.clear(),
    },
    loadImage: (imageId: string) => ({
      promise: new Promise<void>((resolve) => library.frames.set(imageId, resolve)),
    }),
  },
}));

const series: ViewerSeries = { index: 0, title: "T2W", slices: 4, initialSlice: 1, window: null };
const metadata: DicomJson[] = [0, 1, 2, 3].map((slice) => ({
  "00080018": { vr: "UI", Value: [`2.25.${slice}`] },
}));

function storeOf(loadMetadata: () => Promise<DicomJson[]> = async () => metadata, one = series) {
  return new SeriesStore({ loadMetadata, framePath: (index, frame) => `/${index}/${frame}` }, [one]);
}

const DARK = { center: 2500, width: 5000 };
const FITTING = { center: 650, width: 1300 };

async function firstWindow(role: string, window: ViewerSeries["window"]) {
  library.middle = Uint16Array.from({ length: 1001 }, (_, value) => value);
  const store = storeOf(undefined, { ...series, role, window });
  const prepared = await store.prepare(0);
  const sent = { key: "0", label: "As sent", isSent: true } as const;
  const windows = [await store.initialWindow(prepared), await store.presetWindow(prepared, sent)];
  store.dispose();
  return windows;
}

describe("SeriesStore", () => {
  it("makes a block of voxels that holds the values of every slice", async () => {
    const store = storeOf();
    const prepared = await store.prepare(0);
    const kinds = [Uint8Array, Uint16Array, Uint8Array, Uint8Array];
    prepared.imageIds.forEach((imageId, slice) => {
      library.kinds.set(imageId, new (kinds[slice] ?? Uint8Array)(1));
    });
    expect(await store.volume(prepared)).toBe("volume:1");
    expect(library.volume.dataType).toBe("Uint16Array");
    expect(library.volume.imageData.set).toHaveBeenCalledWith({ dataType: "Uint16Array" });
    store.dispose();
    expect(library.registered.size).toBe(0);
  });

  it("begins with the window sent, or with percentiles where values without a unit cannot be seen in it", async () => {
    expect(await firstWindow("T2W", FITTING)).toEqual([FITTING, FITTING]);
    expect(await firstWindow("T2W", DARK)).toEqual([{ center: 500, width: 980 }, DARK]);
    expect(await firstWindow("CT", DARK)).toEqual([DARK, DARK]);
    expect(await firstWindow("T2W", null)).toEqual(Array(2).fill({ center: 500, width: 980 }));
  });

  it("keeps the metadata of a frame that is under way until it comes", async () => {
    trackFrames();
    const store = storeOf();
    const late = (await store.prepare(0)).imageIds[2] ?? "";
    library.load(late);
    store.dispose();
    expect([...library.registered.keys()]).toEqual([late]);
    storeOf().dispose();
    expect([...library.registered.keys()]).toEqual([late]);
    const landed = framesLanded([late]);
    library.frames.get(late)?.();
    await landed;
    await vi.waitFor(() => expect(library.registered.size).toBe(0));
  });

  it("keeps the metadata of a frame that is under way a second time, in whatever order both come", async () => {
    trackFrames();
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const come: (() => void)[] = [];
      for (let visit = 0; visit < 2; visit++) {
        const store = storeOf();
        const late = (await store.prepare(0)).imageIds[2] ?? "";
        library.load(late);
        come.push(library.frames.get(late) ?? (() => {}));
        store.dispose();
      }
      come[order[0] ?? 0]?.();
      await new Promise((resolve) => setTimeout(resolve));
      expect(library.registered.size).toBe(1);
      come[order[1] ?? 0]?.();
      await vi.waitFor(() => expect(library.registered.size).toBe(0));
    }
  });

  it("registers nothing that comes after the case was left", async () => {
    let answer = (_: DicomJson[]) => {};
    const store = storeOf(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const prepared = store.prepare(0);
    store.dispose();
    answer(metadata);
    await expect(prepared).rejects.toThrow("no longer shown");
    expect(library.registered.size).toBe(0);
  });
});
