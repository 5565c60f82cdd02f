// vtk.js' XML readers are not used here and drag node's `events` into the bundle, where it breaks at load.
export default {
  newInstance() {
    throw new Error("vtk.js IO is not bundled");
  },
};
