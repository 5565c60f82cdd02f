import { describe, expect, it, vi } from "vitest";
import { SeriesStore } from "./series-store";
import type { DicomJson, ViewerSeries } from "./types";

const library = vi.hoisted(() => ({
  kinds: new Map<string, Int16Array | Uint8Array | Uint16Array>(),
  registered: new Map<string, unknown>(),
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
  imageLoader: {},
  utilities: { uuidv4: () => "1" },
  volumeLoader: { createAndCacheVolume: async () => library.volume },
}));
vi.mock("@cornerstonejs/dicom-image-loader", () => ({
  wadors: {
    metaDataManager: {
      add: (imageId: string, metadata: unknown) => library.registered.set(imageId, metadata),
      remove: (imageId: string) => library.registered.delete(imageId),
    },
  },
}));

const series: ViewerSeries = { index: 0, title: "T2W", slices: 4, initialSlice: 1, window: null };
const metadata: DicomJson[] = [0, 1, 2, 3].map((slice) => ({
  "00080018": { vr: "UI", Value: [`2.25.${slice}`] },
}));

function storeOf(loadMetadata: () => Promise<DicomJson[]> = async () => metadata) {
  return new SeriesStore({ loadMetadata, framePath: (index, frame) => `/${index}/${frame}` }, [series]);
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
