interface Entry {
  tag: string;
  vr: string;
  vm: string;
  name: string;
}

interface Listener {
  startObject(): void;
  pop(): unknown;
}

declare const dcmjs: {
  data: { DicomMetaDictionary: { nameMap: Record<string, Entry> } };
  utilities: { DicomMetadataListener: new (options: object, filter: object) => Listener };
};
export default dcmjs;
