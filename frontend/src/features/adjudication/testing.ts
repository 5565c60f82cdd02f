import type { OpenItem } from "./api/item";

const question = { help: "", required: true };
const options = [
  { value: "left", label: "Left" },
  { value: "right", label: "Right" },
];

/** An item of three readings: the region, the length and the outline are discordant. */
export function itemOf(changes: Partial<OpenItem> = {}): OpenItem {
  return {
    id: "6f1c2f0a-0000-4000-8000-000000000001",
    alias: "DBC-123",
    status: "open",
    mode: "third_reader",
    study: { slug: "lln", title: "LLN" },
    case_info: [],
    form: {
      version: 1,
      questions: [
        { ...question, key: "region", kind: "choice", label: "Region", options },
        { ...question, key: "length", kind: "number", label: "Length", min: 0, max: 100, unit: "mm" },
        { ...question, key: "margin", kind: "yes_no", label: "Irregular margin" },
        { ...question, key: "signal", kind: "yes_no", label: "Heterogeneous signal" },
        {
          ...question,
          key: "points",
          kind: "derived",
          label: "Criteria met",
          type: "number",
          expr: "count(margin, signal)",
        },
        { ...question, key: "tumor", kind: "mask", label: "Tumor" },
        { ...question, required: false, key: "comment", kind: "text", label: "Comment" },
      ],
    },
    schema: {},
    series: [],
    primary_series: 0,
    originals: ["A", "B", "C"].map((letter, place) => ({
      letter,
      answers: {
        region: place === 1 ? "right" : "left",
        length: 8 + 3 * place,
        margin: true,
        signal: false,
        points: 1,
        tumor: { count: place },
      },
      marks: [],
      contours: [],
      labelmaps: [],
      measurements: [],
      annotations: [],
    })),
    hanging: null,
    agreement: [],
    discordant: [
      { question: "region", words: "The readers gave different answers." },
      { question: "length", words: "The readers' values lie farther apart than the protocol allows." },
      { question: "tumor", words: "Some readers drew something and some did not." },
    ],
    to_settle: ["region", "length", "tumor"],
    fixed: [
      { question: "margin", value: true, how: "unanimous" },
      { question: "signal", value: false, how: "unanimous" },
    ],
    attendee_codes: [],
    draft: { revision: 0, answers: {}, reason: "", attendees: [], saved_at: null },
    ...changes,
  };
}

const words = (...keys: string[]) => keys.map((key) => ({ key, label: key }));

/** The same item with a painted question: reading A has two nodes, B one of them, C none. */
export function paintedItem(): OpenItem {
  const item = itemOf({ to_settle: ["nodes"] });
  const { version, questions } = item.form;
  const nodes = {
    ...question,
    key: "nodes",
    kind: "mask" as const,
    label: "Nodes",
    drawn_by: "voxels" as const,
    labels: words("left", "right"),
    statuses: words("positive", "negative"),
    cut_off_mm: 7,
  };
  return {
    ...item,
    form: { version, questions: [...questions, nodes] },
    originals: item.originals.map((original, place) => ({
      ...original,
      answers: { ...original.answers, nodes: place === 2 ? null : { count: 2 - place } },
      labelmaps: place === 2 ? [] : [nodesOf(2 - place)],
    })),
    discordant: [{ question: "nodes", words: "The readers' masks overlap less than the protocol asks." }],
    agreement: [{ question: "nodes", letters: ["A", "B"], dice: 0.6666 }],
  };
}

/** gzip of one node and of two, as base64. */
const NODES = ["", "H4sIAAAAAAACA2NkgAAA99+IqQgAAAA=", "H4sIAAAAAAACA2NkYGBgAmIAfBeBAwgAAAA="];

/** As many nodes, on slices of 2 by 2 pixels: the first at the first pixel of slice 1, the second of slice 2. */
function nodesOf(count: number): OpenItem["originals"][number]["labelmaps"][number] {
  return {
    question: "nodes",
    series: 0,
    shape: [2, 2, 2],
    segments: Array.from({ length: count }, (_, place) => ({
      value: place + 1,
      label: place === 0 ? "left" : "right",
      status: "positive",
      frame: place + 1,
      short_axis_mm: 7.25 + place,
      long_axis_mm: 9.5,
      volume_ml: 0.2,
      slices: [place + 1],
      borderline: place === 0,
    })),
    data: NODES[count] ?? "",
  };
}
