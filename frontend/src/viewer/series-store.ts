import { cache, imageLoader } from "@cornerstonejs/core";
import { wadors } from "@cornerstonejs/dicom-image-loader";
import { isMonochrome1, type SliceGeometry, sliceGeometry } from "./geometry";
import type { DicomJson, DisplayWindow, ImageSource, ViewerSeries } from "./types";
import { percentileWindow, usableWindow } from "./window";

/** A series whose metadata is registered with the image loader. */
export interface PreparedSeries {
  series: ViewerSeries;
  imageIds: string[];
  geometries: (SliceGeometry | null)[];
  isMonochrome1: boolean;
}

/** Which slice an image is. `frame` is 1-based; `sopUid` holds for this read alone. */
export interface ImagePlace {
  series: number;
  frame: number;
  sopUid: string;
  geometry: SliceGeometry | null;
}

/** Metadata, image ids and pixel statistics of one case's series; forgets all of it on `dispose`. */
export class SeriesStore {
  private readonly prepared = new Map<number, Promise<PreparedSeries>>();
  private readonly places = new Map<string, ImagePlace>();
  private readonly imageIdsBySop = new Map<string, string>();
  private readonly middleValues = new Map<number, Promise<ArrayLike<number>>>();
  private readonly source: ImageSource;
  private readonly series: readonly ViewerSeries[];

  constructor(source: ImageSource, series: readonly ViewerSeries[]) {
    this.source = source;
    this.series = series;
  }

  /** Asked once per series; a failure is forgotten, so that asking again tries again. */
  prepare(index: number): Promise<PreparedSeries> {
    let prepared = this.prepared.get(index);
    if (!prepared) {
      prepared = this.register(index).catch((error: unknown) => {
        this.prepared.delete(index);
        throw error;
      });
      this.prepared.set(index, prepared);
    }
    return prepared;
  }

  /** Series, 1-based frame and geometry of an image shown. */
  place(imageId: string | undefined): ImagePlace | undefined {
    return imageId === undefined ? undefined : this.places.get(imageId);
  }

  /** The image of a SOP instance of the series prepared so far. */
  imageIdOf(sopUid: string): string | undefined {
    return this.imageIdsBySop.get(sopUid);
  }

  /** The image at a 1-based place of a series, once that is prepared. */
  imageIdAt(series: number, frame: number): string | undefined {
    const imageId = this.imageId(series, frame);
    return this.places.has(imageId) ? imageId : undefined;
  }

  /** What was told of a series at the start. */
  info(index: number): ViewerSeries | undefined {
    return this.series.find((one) => one.index === index);
  }

  loadFrame(imageId: string): Promise<unknown> {
    return imageLoader.loadAndCacheImage(imageId, { priority: 0, requestType: "prefetch" });
  }

  /** The window to begin with: the series' own, or the middle slice's percentiles where it has none to show. */
  async initialWindow(prepared: PreparedSeries): Promise<DisplayWindow> {
    return usableWindow(prepared.series.window) ?? this.percentiles(prepared, 0.01, 0.99);
  }

  /** Percentiles of the middle slice, so that a preset means the same whatever has been loaded. */
  async percentiles(prepared: PreparedSeries, low: number, high: number): Promise<DisplayWindow> {
    return percentileWindow(await this.valuesOfMiddleSlice(prepared), low, high);
  }

  dispose(): void {
    for (const imageId of this.places.keys()) wadors.metaDataManager.remove(imageId);
    this.places.clear();
    this.imageIdsBySop.clear();
    this.prepared.clear();
    this.middleValues.clear();
    cache.purgeCache();
  }

  private async register(index: number): Promise<PreparedSeries> {
    const series = this.series.find((one) => one.index === index);
    if (!series) throw new Error(`The case has no series ${index}.`);
    const metadata = await this.source.loadMetadata(index);
    const imageIds = metadata.map((_, slice) => this.imageId(index, slice + 1));
    const geometries = metadata.map(sliceGeometry);
    imageIds.forEach((imageId, slice) => {
      wadors.metaDataManager.add(imageId, metadata[slice] as DicomJson as never);
      const sopUid = String(metadata[slice]?.["00080018"]?.Value?.[0] ?? "");
      this.places.set(imageId, {
        series: index,
        frame: slice + 1,
        sopUid,
        geometry: geometries[slice] ?? null,
      });
      this.imageIdsBySop.set(sopUid, imageId);
    });
    return { series, imageIds, geometries, isMonochrome1: metadata[0] ? isMonochrome1(metadata[0]) : false };
  }

  private imageId(series: number, frame: number): string {
    return `wadors:${new URL(this.source.framePath(series, frame), window.location.origin).href}`;
  }

  private valuesOfMiddleSlice(prepared: PreparedSeries): Promise<ArrayLike<number>> {
    const { index } = prepared.series;
    const known = this.middleValues.get(index);
    if (known) return known;
    const imageId = prepared.imageIds[Math.floor(prepared.imageIds.length / 2)] ?? "";
    const values = imageLoader
      .loadAndCacheImage(imageId, { priority: 0, requestType: "interaction" })
      .then((image) => image.voxelManager?.getScalarData() ?? image.getPixelData());
    this.middleValues.set(index, values);
    values.catch(() => this.middleValues.delete(index));
    return values;
  }
}
