const notHere = () => {
  throw new Error("frames are decoded by workers");
};

export { notHere as decodeImageFrame, notHere as postProcessDecodedPixels };
export const decoders = {};
export const initializers = {};
