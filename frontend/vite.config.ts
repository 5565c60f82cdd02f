import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { leanLibrary } from "./build/lean-library.js";

const codecs = [
  "uuid",
  "comlink",
  "pako",
  "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs",
  "@cornerstonejs/codec-charls/decodewasmjs",
  "@cornerstonejs/codec-openjpeg/decodewasmjs",
  "@cornerstonejs/codec-openjph/wasmjs",
  "@cornerstonejs/codec-libjxl/decodewasmjs",
];

export default defineConfig({
  base: "/static/app/",
  plugins: [leanLibrary(), react()],
  worker: { format: "es", plugins: () => [leanLibrary()] },
  optimizeDeps: {
    exclude: ["@cornerstonejs/dicom-image-loader"],
    include: ["dicom-parser", ...codecs.map((name) => `@cornerstonejs/dicom-image-loader > ${name}`)],
  },
  build: {
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["src/app/main.tsx", "src/features/reading-room/open-ahead.ts"] },
  },
  // How fast a machine is says nothing of what is tested: only what never ends may run out of time.
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.js"],
    setupFiles: [],
    testTimeout: 60_000,
  },
});
