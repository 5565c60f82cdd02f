class NotBundled {
  constructor() {
    throw new Error("clipper2 is not bundled: segments are label maps");
  }
}

export { NotBundled as Clipper, NotBundled as PolyTreeD };
export const ClipType = {};
export const FillRule = {};
