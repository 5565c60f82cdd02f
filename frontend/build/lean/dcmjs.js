import tags from "virtual:dicom-dictionary";

const entries = tags.map(([hex, vr, vm, name]) => {
  const tag = `(${hex.slice(0, 4)},${hex.slice(4)})`;
  return [hex, { tag, vr, vm, name, version: "DICOM" }];
});
const dictionary = Object.fromEntries(entries);
const nameMap = Object.fromEntries(entries.map(([, entry]) => [entry.name, entry]));

const silent = () => {};
const loggers = new Map();

/** Warnings and errors, as the library's loggers tell by themselves. */
function getLogger(name) {
  let logger = loggers.get(name);
  if (!logger) {
    const { warn, error } = console;
    logger = {
      trace: silent,
      debug: silent,
      info: silent,
      log: silent,
      warn,
      error,
      setLevel: silent,
      getLogger,
    };
    loggers.set(name, logger);
  }
  return logger;
}

/** Builds an object out of tags that are told one after the other; `filter` has a say in each. */
class DicomMetadataListener {
  current = null;

  constructor(_options, filter) {
    this.filter = filter;
  }

  startObject(dest = {}) {
    if (this.current) this.value(dest);
    this.current = { parent: this.current, dest };
  }

  addTag(tag, info) {
    this.filter.addTag.call(this, (name, about) => this.open(name, about), tag, info);
  }

  value(value) {
    this.current.dest.Value ??= [];
    this.current.dest.Value.push(value);
  }

  pop() {
    return this.filter.pop.call(this, () => this.close());
  }

  open(tag, info) {
    const dest = { vr: info?.vr, Value: null };
    if (this.current) this.current.dest[tag] = dest;
    this.current = { parent: this.current, dest, tag, vr: info?.vr };
  }

  close() {
    const { dest, parent } = this.current;
    const { Value: values } = dest;
    const isEmpty = values?.length === 1 && (values[0] === null || values[0] === undefined);
    if (values === null || isEmpty) dest.Value = [];
    this.current = parent;
    return dest;
  }
}

class AsyncDicomReader {
  constructor() {
    throw new Error("files are read by the server");
  }
}

export const log = getLogger("root");
export const constants = {
  IMPLICIT_LITTLE_ENDIAN: "1.2.840.10008.1.2",
  EXPLICIT_LITTLE_ENDIAN: "1.2.840.10008.1.2.1",
  DEFLATED_EXPLICIT_LITTLE_ENDIAN: "1.2.840.10008.1.2.1.99",
  EXPLICIT_BIG_ENDIAN: "1.2.840.10008.1.2.2",
};

export default {
  async: { AsyncDicomReader },
  data: { DicomMetaDictionary: { dictionary, nameMap } },
  log,
  utilities: { DicomMetadataListener },
};
