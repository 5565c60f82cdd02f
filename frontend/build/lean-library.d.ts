import type { Plugin } from "vite";

/** Leave out of the bundle what the viewer's library has no use for here. */
export declare function leanLibrary(): Plugin;
