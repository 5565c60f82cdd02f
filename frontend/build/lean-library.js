import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const DICTIONARY = "virtual:dicom-dictionary";
/** Groups that metadata of a slice consists of; of the others only what the library asks for by name. */
const IMAGE_GROUPS = ["0002", "0008", "0020", "0028"];

/**
 * What the viewer's library brings along and nobody here uses: a third of its code, which every browser would have to
 * read before the first image. A module, `source`, is replaced only where `importer` asks for it.
 *
 * @type {{ source: RegExp, importer: RegExp, by: string }[]}
 */
const REPLACED = [
  // Reads and writes whole DICOM files; of it the names of tags are used, and the walk over them.
  { source: /^dcmjs$/, importer: /./, by: "dcmjs.js" },
  // Frames are decoded by workers, which have the decoders of their own.
  {
    source: /\/(decodeImageFrameWorker|shared\/decoders\/index)\.js$/,
    importer: /dicom-image-loader\/dist\/esm\/index\.js$/,
    by: "decoders.js",
  },
  // Images are drawn by WebGL.
  { source: /\/WebGPU\/Profiles\/\w+\.js$/, importer: /vtk\.js\/Rendering\/Profiles\//, by: "nothing.js" },
  // Rules by which a whole study falls into sets to hang, read and checked at the start: the protocol says what hangs.
  {
    source: /\/compiledDisplaySetRules\.js$/,
    importer: /metadata\/dist\/esm\/displayset\/index\.js$/,
    by: "rules.js",
  },
  // Unites outlines of segments, which are label maps here.
  { source: /^clipper2-ts$/, importer: /contourSegmentation/, by: "clipper.js" },
  // Asks the graphics processor once more, and waits for it, what the library has asked at its start.
  { source: /\/supportsNorm16Linear\.js$/, importer: /OpenGL\/Texture\.js$/, by: "norm16.js" },
  // Reads XML, with node's events.
  { source: /^@kitware\/vtk\.js\/IO\//, importer: /./, by: "vtk-io.js" },
];

/** Leave out of the bundle what the viewer's library has no use for here: a plugin of Vite. */
export function leanLibrary() {
  return {
    name: "lean-library",
    enforce: "pre",
    resolveId(source, importer = "") {
      if (source === DICTIONARY) return `\0${DICTIONARY}`;
      const from = importer.replaceAll("\\", "/");
      if (!from.includes("/node_modules/")) return null;
      const found = REPLACED.find((one) => one.source.test(source) && one.importer.test(from));
      return found ? join(here, "lean", found.by) : null;
    },
    async load(id) {
      return id === `\0${DICTIONARY}` ? `export default ${JSON.stringify(await dictionary())};` : null;
    },
  };
}

/** Tags as [eight hexadecimal digits, kind, multiplicity, name]. */
async function dictionary() {
  const path = createRequire(require.resolve("@cornerstonejs/metadata")).resolve("dcmjs/dictionary");
  const { dictionary: all } = await import(pathToFileURL(path).href);
  const asked = askedFor();
  return Object.values(all)
    .filter(({ tag, name, version }) => {
      if (!version?.startsWith("DICOM") || name.startsWith("RETIRED_")) return false;
      return IMAGE_GROUPS.includes(tag.slice(1, 5)) || asked.has(name);
    })
    .map(({ tag, vr, vm, name }) => [tag.slice(1, 5) + tag.slice(6, 10), vr, vm, name]);
}

/** Every word of the library's metadata package: the names that it asks for are among them. */
function askedFor() {
  const folder = dirname(require.resolve("@cornerstonejs/metadata"));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".js"),
  );
  return new Set(
    files.flatMap((name) => readFileSync(join(folder, name), "utf8").match(/\b[A-Z]\w+/g) ?? []),
  );
}
