import { type imageLoader as CoreLoader, imageLoader } from "@cornerstonejs/core";
import { wadors } from "@cornerstonejs/dicom-image-loader";

const SCHEME = "wadors";
/** Of each image every request: a case that is left and opened again asks for it a second time. */
const underWay = new Map<string, Set<Promise<void>>>();

/** Keep account of the frames asked for and not there yet: their metadata is read when they come. */
export function trackFrames(): void {
  const load: Parameters<typeof CoreLoader.registerImageLoader>[1] = (imageId, options) => {
    const loading = wadors.loadImage(imageId, options);
    const requests = underWay.get(imageId) ?? new Set<Promise<void>>();
    underWay.set(imageId, requests);
    const landed = Promise.resolve(loading.promise)
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        requests.delete(landed);
        if (requests.size === 0) underWay.delete(imageId);
      });
    requests.add(landed);
    return loading as ReturnType<typeof load>;
  };
  imageLoader.registerImageLoader(SCHEME, load);
}

/** The images that were asked for and have neither come nor failed. */
export function framesUnderWay(): string[] {
  return [...underWay.keys()];
}

/** Wait until every one of the images has come or failed. */
export async function framesLanded(imageIds: Iterable<string>): Promise<void> {
  await Promise.all([...imageIds].flatMap((imageId) => [...(underWay.get(imageId) ?? [])]));
}
