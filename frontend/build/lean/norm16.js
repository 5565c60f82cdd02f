import { getRenderingCapabilities } from "@cornerstonejs/core";

/** Whether 16-bit textures can be interpolated: the library asks this at its start, by a like test. */
export default () => getRenderingCapabilities().norm16Linear;
