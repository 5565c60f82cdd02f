import {
  cache,
  imageLoader,
  type StreamingImageVolume,
  type Types,
  utilities,
  volumeLoader,
} from "@cornerstonejs/core";
import { wadors } from "@cornerstonejs/dicom-image-loader";
import { Enums, metaData } from "@cornerstonejs/metadata";
import { framesLanded, framesUnderWay } from "./frames-under-way";
import { isMonochrome1, type SliceGeometry, sliceGeometry, valueUnit } from "./geometry";
import { hasUnit } from "./habits";
import type { StoredValues } from "./segmentation/box";
import { pixelAspect, type Thumbnail, thumbnail } from "./thumbnail";
import type { DicomJson, DisplayWindow, ImageSource, ViewerSeries } from "./types";
import { commonKind } from "./value-kinds";
import { percentileWindow, readableWindow, usableWindow, type WindowPreset } from "./window";

/** A series whose metadata is registered with the image loader. */
export interface PreparedSeries {
  series: ViewerSeries;
  imageIds: string[];
  geometries: (SliceGeometry | null)[];
  /** Size of each image in pixels. */
  grids: { rows: number; columns: number }[];
  isMonochrome1: boolean;
}

/** Which slice an image is. `frame` is 1-based; `sopUid` holds for this read alone. */
export interface ImagePlace {
  series: number;
  frame: number;
  sopUid: string;
  geometry: SliceGeometry | null;
  /** The unit of its values, as "HU"; empty where they have none. */
  unit: string;
}

/** Metadata, image ids and pixel statistics of one case's series; forgets all of it on `dispose`. */
export class SeriesStore {
  /** Stores that are not disposed: of the case shown, and of one fetched ahead. */
  private static readonly open = new Set<SeriesStore>();
  private readonly prepared = new Map<number, Promise<PreparedSeries>>();
  private readonly places = new Map<string, ImagePlace>();
  private readonly imageIdsBySop = new Map<string, string>();
  private readonly volumes = new Map<number, Promise<string>>();
  private readonly middleValues = new Map<number, Promise<ArrayLike<number>>>();
  private isDisposed = false;
  private readonly source: ImageSource;
  private readonly series: readonly ViewerSeries[];

  constructor(source: ImageSource, series: readonly ViewerSeries[]) {
    this.source = source;
    this.series = series;
    SeriesStore.open.add(this);
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

  /** The rescaled values of a slice at a 1-based place; null where the browser does not hold them now. */
  valuesAt(series: number, frame: number): StoredValues | null {
    const imageId = this.imageIdAt(series, frame);
    const image = imageId === undefined ? undefined : cache.getImage(imageId);
    return (image?.voxelManager?.getScalarData() ?? image?.getPixelData() ?? null) as StoredValues | null;
  }

  /** What was told of a series at the start. */
  info(index: number): ViewerSeries | undefined {
    return this.series.find((one) => one.index === index);
  }

  loadFrame(imageId: string): Promise<unknown> {
    return imageLoader.loadAndCacheImage(imageId, { priority: 0, requestType: "prefetch" });
  }

  /** The id of a series as one block of voxels. Its frames must have been loaded. */
  volume(prepared: PreparedSeries): Promise<string> {
    const { index } = prepared.series;
    let volume = this.volumes.get(index);
    if (!volume) {
      volume = makeVolume(prepared);
      this.volumes.set(index, volume);
      volume.catch(() => this.volumes.delete(index));
    }
    return volume;
  }

  /** The values of the middle slice, by its 0-based place. */
  async middleSlice(prepared: PreparedSeries): Promise<{ values: ArrayLike<number>; slice: number }> {
    return {
      values: await this.valuesOfMiddleSlice(prepared),
      slice: Math.floor(prepared.imageIds.length / 2),
    };
  }

  /**
   * The window to begin with: as sent, or the middle slice's percentiles where none was, or where the values have no
   * unit and cannot be seen well in it.
   */
  async initialWindow(prepared: PreparedSeries): Promise<DisplayWindow> {
    const { role, window } = prepared.series;
    const sent = usableWindow(window);
    if (sent && hasUnit(role)) return sent;
    try {
      return readableWindow(await this.valuesOfMiddleSlice(prepared), sent);
    } catch (error) {
      if (sent) return sent;
      throw error;
    }
  }

  /** The window of a preset. */
  async presetWindow(prepared: PreparedSeries, preset: WindowPreset): Promise<DisplayWindow> {
    if ("isSent" in preset) {
      return usableWindow(prepared.series.window) ?? (await this.initialWindow(prepared));
    }
    if ("low" in preset) return this.percentiles(prepared, preset.low, preset.high);
    return { center: preset.center, width: preset.width };
  }

  /** Percentiles of the middle slice, so that a preset means the same whatever has been loaded. */
  async percentiles(prepared: PreparedSeries, low: number, high: number): Promise<DisplayWindow> {
    return percentileWindow(await this.valuesOfMiddleSlice(prepared), low, high);
  }

  /** A slice of a series within a square of so many pixels; null where it cannot be painted. */
  async thumbnail(index: number, size: number): Promise<Thumbnail | null> {
    try {
      const prepared = await this.prepare(index);
      const { values, slice } = await this.middleSlice(prepared);
      const { rows, columns } = prepared.grids[slice] ?? { rows: 0, columns: 0 };
      const window = await this.initialWindow(prepared);
      const aspect = pixelAspect(prepared.geometries[slice]);
      const isInverted = prepared.isMonochrome1;
      return thumbnail({ values, rows, columns, pixelAspect: aspect, window, isInverted }, size);
    } catch {
      // The pane that shows the series tells of it.
      return null;
    }
  }

  /** Work out ahead what a window of the series rests on. */
  async readyWindows(prepared: PreparedSeries): Promise<void> {
    await this.percentiles(prepared, 0, 1);
  }

  dispose(): void {
    this.isDisposed = true;
    SeriesStore.open.delete(this);
    const imageIds = [...this.places.keys()];
    for (const imageId of imageIds) {
      if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
    }
    this.places.clear();
    SeriesStore.forget(imageIds);
    void framesLanded(imageIds).then(() => SeriesStore.forget(imageIds));
    this.imageIdsBySop.clear();
    this.prepared.clear();
    this.middleValues.clear();
    this.volumes.clear();
    if (SeriesStore.open.size === 0) cache.purgeCache();
    else cache.purgeVolumeCache();
  }

  /** Forget the metadata of images that no case holds; a frame under way that found none when it comes would throw. */
  private static forget(imageIds: readonly string[]): void {
    const kept = new Set(framesUnderWay());
    for (const { places } of SeriesStore.open) for (const imageId of places.keys()) kept.add(imageId);
    for (const imageId of imageIds) {
      if (!kept.has(imageId)) metaData.clearQuery(Enums.MetadataModules.NATURALIZED, imageId);
    }
    // Taken out one by one, each would leave its address behind.
    const registered = [...kept].map((imageId) => [imageId, wadors.metaDataManager.get(imageId)] as const);
    wadors.metaDataManager.purge();
    for (const [imageId, metadata] of registered) {
      if (metadata) wadors.metaDataManager.add(imageId, metadata);
    }
  }

  private async register(index: number): Promise<PreparedSeries> {
    const series = this.series.find((one) => one.index === index);
    if (!series) throw new Error(`The case has no series ${index}.`);
    const metadata = await this.source.loadMetadata(index);
    // What came too late must not be registered: nobody would forget it again.
    if (this.isDisposed) throw new Error("The case is no longer shown.");
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
        unit: valueUnit(metadata[slice]),
      });
      this.imageIdsBySop.set(sopUid, imageId);
    });
    const count = (slice: DicomJson, tag: string) => Number(slice[tag]?.Value?.[0] ?? 0);
    const grids = metadata.map((slice) => ({
      rows: count(slice, "00280010"),
      columns: count(slice, "00280011"),
    }));
    return {
      series,
      imageIds,
      geometries,
      grids,
      isMonochrome1: metadata[0] ? isMonochrome1(metadata[0]) : false,
    };
  }

  private imageId(series: number, frame: number): string {
    return `wadors:${window.location.origin}${this.source.framePath(series, frame)}`;
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

async function makeVolume({ imageIds }: PreparedSeries): Promise<string> {
  const volumeId = `volume:${utilities.uuidv4()}`;
  const volume = await volumeLoader.createAndCacheVolume(volumeId, { imageIds });
  holdAllValues(volume, imageIds);
  await new Promise<void>((resolve) => (volume as StreamingImageVolume).load(() => resolve()));
  return volumeId;
}

/** The library asks three slices for the kind of the values; those of another slice would not fit. */
function holdAllValues(volume: Types.IImageVolume, imageIds: readonly string[]): void {
  const kinds = new Set(imageIds.flatMap((imageId) => kindOf(imageId) ?? []));
  if (kinds.size < 2) return;
  const dataType = commonKind(kinds);
  volume.dataType = dataType;
  volume.imageData?.set({ dataType } as never);
}

function kindOf(imageId: string): string | undefined {
  return cache.getImage(imageId)?.getPixelData().constructor.name;
}
