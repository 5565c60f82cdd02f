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
    })),
    discordant: [
      { question: "region", words: "The readers gave different answers." },
      { question: "length", words: "The readers' values lie farther apart than the protocol allows." },
      { question: "tumor", words: "Some readers drew an outline and some did not." },
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
