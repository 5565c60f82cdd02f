import { type imageLoader as CoreLoader, imageLoader } from "@cornerstonejs/core";
import { wadors } from "@cornerstonejs/dicom-image-loader";

const SCHEME = "wadors";
const underWay = new Map<string, Promise<void>>();

/** Keep account of the frames asked for and not there yet: their metadata is read when they come. */
export function trackFrames(): void {
  const load: Parameters<typeof CoreLoader.registerImageLoader>[1] = (imageId, options) => {
    const loading = wadors.loadImage(imageId, options);
    const landed = Promise.resolve(loading.promise)
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        if (underWay.get(imageId) === landed) underWay.delete(imageId);
      });
    underWay.set(imageId, landed);
    return loading as ReturnType<typeof load>;
  };
  imageLoader.registerImageLoader(SCHEME, load);
}

/** Those of the images that were asked for and have neither come nor failed. */
export function framesUnderWay(imageIds: Iterable<string>): string[] {
  return [...imageIds].filter((imageId) => underWay.has(imageId));
}

/** Wait until every one of the images has come or failed. */
export async function framesLanded(imageIds: Iterable<string>): Promise<void> {
  await Promise.all([...imageIds].map((imageId) => underWay.get(imageId)));
}
