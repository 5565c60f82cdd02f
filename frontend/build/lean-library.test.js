import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import lean from "./lean/dcmjs.js";

const require = createRequire(import.meta.url);
const library = dirname(require.resolve("@cornerstonejs/metadata"));

/** A module of the library as it is, with all that it brings along. */
const whole = (path) => import(/* @vite-ignore */ pathToFileURL(join(library, path)).href);

/** What the server tells of a slice, with an attribute of each kind. */
const SLICE = {
  "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.4"] },
  "00080018": { vr: "UI", Value: ["2.25.1"] },
  "00080060": { vr: "CS", Value: ["MR"] },
  "00083002": { vr: "UI", Value: ["1.2.840.10008.1.2.4.80"] },
  "00180050": { vr: "DS", Value: [3.5] },
  "00181164": { vr: "DS", Value: [0.5, 0.5] },
  "00200032": { vr: "DS", Value: [-90, -80.5, 12] },
  "00200037": { vr: "DS", Value: [1, 0, 0, 0, 1, 0] },
  "00280002": { vr: "US", Value: [1] },
  "00280004": { vr: "CS", Value: ["MONOCHROME2"] },
  "00280010": { vr: "US", Value: [272] },
  "00281050": { vr: "DS", Value: [171, 40] },
  "00281054": { vr: "LO", Value: [null] },
  "00089999": { vr: "LO", Value: ["no such tag"] },
  "00082112": {
    vr: "SQ",
    Value: [{ "00081150": { vr: "UI", Value: ["1.2"] }, "00081155": { vr: "UI", Value: ["2.25.2"] } }],
  },
};

describe("the lean library", () => {
  it("reads what the server tells of a slice as the whole one does", async () => {
    const { naturalizeDicomwebMetadata } = await whole("utilities/metadataProvider/naturalizedHandlers.js");
    const { MetaDataIterator, NaturalTagListener } = await whole("utilities/dicomStream/index.js");
    const listener = new lean.utilities.DicomMetadataListener({}, new NaturalTagListener());
    listener.startObject();
    new MetaDataIterator(structuredClone(SLICE)).syncIterator(listener);
    const read = listener.pop();
    expect(read).toEqual(naturalizeDicomwebMetadata(structuredClone(SLICE)));
    expect(read).toMatchObject({ ImagePositionPatient: [-90, -80.5, 12], Rows: 272, SliceThickness: 3.5 });
  });

  it("knows every tag that the whole one finds by name, as it does", async () => {
    const { nameMap } = createRequire(join(library, "index.js"))("dcmjs").data.DicomMetaDictionary;
    const ours = lean.data.DicomMetaDictionary.nameMap;
    expect(Object.keys(ours).length).toBeGreaterThan(400);
    for (const [name, { tag, vr, vm }] of Object.entries(ours)) {
      expect([name, nameMap[name]?.tag, nameMap[name]?.vr, nameMap[name]?.vm]).toEqual([name, tag, vr, vm]);
    }
    const { Tags } = await whole("utilities/Tags.js");
    const standard = Object.keys(Tags).filter((name) => name in nameMap);
    expect(standard.length).toBeGreaterThan(100);
    expect(standard.filter((name) => !(name in ours))).toEqual([]);
  });

  it("still finds what it replaces in the library", () => {
    const modules = join(library, "..", "..", "..", "..");
    for (const path of [
      "@cornerstonejs/dicom-image-loader/dist/esm/decodeImageFrameWorker.js",
      "@cornerstonejs/dicom-image-loader/dist/esm/shared/decoders/index.js",
      "@cornerstonejs/metadata/dist/esm/displayset/compiledDisplaySetRules.js",
      "@kitware/vtk.js/Rendering/WebGPU/Profiles/Volume.js",
      "@kitware/vtk.js/Rendering/OpenGL/Texture/supportsNorm16Linear.js",
    ]) {
      expect(existsSync(join(modules, path)), path).toBe(true);
    }
    const texture = readFileSync(join(modules, "@kitware/vtk.js/Rendering/OpenGL/Texture.js"), "utf8");
    expect(texture).toContain("supportsNorm16Linear.js");
  });
});
