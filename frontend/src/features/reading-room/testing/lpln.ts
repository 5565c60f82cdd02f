import type { AnswerSchema, Form } from "../../../shared/forms/types";
import type { Labelmap, Measurement, OpenRead } from "../api/read";
import type { DraftStore, StoredDraft } from "../model/draft-store";

const option = (value: string, label: string) => ({ value, label });
const base = { help: "", required: true };

const COUNT = "count(criterion_short_axis, criterion_heterogeneous, criterion_margin)";
const RATINGS = [
  "Definitely benign",
  "Probably benign",
  "Possibly malignant",
  "Probably malignant",
  "Definitely malignant",
].map((label, place) => ({ value: place + 1, label }));

/** The form of the template `lpln-radiomics`. */
export const lplnForm: Form = {
  version: 1,
  questions: [
    {
      ...base,
      key: "side_region",
      kind: "location",
      label: "Node location",
      options: [
        option("right_external_iliac", "Right external iliac"),
        option("right_obturator", "Right obturator"),
        option("left_external_iliac", "Left external iliac"),
        option("left_obturator", "Left obturator"),
      ],
    },
    {
      ...base,
      key: "short_axis_mm",
      kind: "measurement",
      label: "Short axis",
      unit: "mm",
      min: 1,
      max: 60,
      step: 0.1,
      axis: "short",
    },
    {
      ...base,
      required: false,
      key: "long_axis_mm",
      kind: "measurement",
      label: "Long axis",
      unit: "mm",
      min: 1,
      max: 120,
      step: 0.1,
      axis: "long",
    },
    {
      ...base,
      required: false,
      key: "criterion_short_axis",
      kind: "derived",
      label: "Short axis > 5 mm",
      expr: "short_axis_mm > 5",
      type: "boolean",
    },
    { ...base, key: "criterion_heterogeneous", kind: "yes_no", label: "Heterogeneous signal" },
    { ...base, key: "criterion_margin", kind: "yes_no", label: "Ill-defined or spiculated margin" },
    {
      ...base,
      required: false,
      key: "suggestion",
      kind: "derived",
      label: "Criteria suggest",
      help: "None of the three criteria: 1 or 2, your judgment.",
      expr: `if(${COUNT} == 0, null, ${COUNT} + 2)`,
      type: "category",
      options: RATINGS,
    },
    {
      ...base,
      key: "rating",
      kind: "ordinal",
      label: "Malignancy",
      options: RATINGS,
    },
    { ...base, required: false, key: "comment", kind: "text", label: "Comment" },
  ],
};

/** What the server makes of the form for its answers. */
export const lplnSchema: AnswerSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    side_region: {
      enum: ["right_external_iliac", "right_obturator", "left_external_iliac", "left_obturator", null],
    },
    short_axis_mm: { type: ["number", "null"], minimum: 1, maximum: 60 },
    long_axis_mm: { type: ["number", "null"], minimum: 1, maximum: 120 },
    criterion_short_axis: { type: ["boolean", "null"] },
    criterion_heterogeneous: { type: ["boolean", "null"] },
    criterion_margin: { type: ["boolean", "null"] },
    suggestion: { enum: [1, 2, 3, 4, 5, null] },
    rating: { enum: [1, 2, 3, 4, 5, null] },
    comment: { type: ["string", "null"], maxLength: 2000 },
  },
  additionalProperties: false,
};

export function measurementOf(uuid: string, long: number, short: number, frame = 12): Measurement {
  return {
    uuid,
    tool: "bidirectional",
    question: null,
    series: 0,
    frame,
    points_mm: [
      [0, 0, 30],
      [long, 0, 30],
      [long / 2, -short / 2, 30],
      [long / 2, short / 2, 30],
    ],
    long_axis_mm: long,
    short_axis_mm: short,
  };
}

export function labelmapOf(data: string): Labelmap {
  const segment = { value: 1, question: "node", label: null, status: null, origin: [], edited_voxels: 0 };
  return { series: 0, segments: [segment], shape: [2, 3, 4], data };
}

export const openRead: OpenRead = {
  id: "5b0b9a52-6b4e-4a36-9a67-27f9d2a7c001",
  alias: "CN-642",
  status: "draft",
  session: { ordinal: 1, title: "Session 1", is_aided: false, is_training: false },
  step: 1,
  steps: 1,
  position: 7,
  total: 24,
  study: { slug: "lpln", title: "Lateral pelvic lymph nodes" },
  case_info: [],
  form: lplnForm,
  schema: lplnSchema,
  draft: { revision: 0, answers: {}, measurements: [], saved_at: null, client_id: null, view: null },
  series: [
    {
      index: 0,
      title: "T2W axial",
      role: "T2W",
      slices: 40,
      slice_step_mm: 4,
      initial_slice: 21,
      window: null,
      warnings: [],
      is_synthetic: true,
    },
  ],
  primary_series: 0,
  hanging: null,
  tools: null,
  aid_released: false,
  correction: null,
  reader: "reader1",
};

/** A database that lives as long as the test, and holds copies as a real one does. */
export class MemoryDrafts implements DraftStore {
  readonly kept = new Map<string, StoredDraft>();
  /** What a write is refused with. */
  refusal: Error | null = null;
  writes = 0;

  async get(key: string): Promise<StoredDraft | null> {
    return structuredClone(this.kept.get(key) ?? null);
  }

  async put(key: string, draft: unknown, labelmaps?: unknown): Promise<void> {
    this.writes += 1;
    if (this.refusal) throw this.refusal;
    const before = this.kept.get(key)?.labelmaps;
    this.kept.set(key, structuredClone({ draft, labelmaps: labelmaps ?? before }));
  }

  async keys(): Promise<string[]> {
    return [...this.kept.keys()];
  }

  async remove(key: string): Promise<void> {
    this.kept.delete(key);
  }
}

/** Storage that lives as long as the test. */
export function memoryStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> & {
  size: () => number;
} {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    size: () => kept.size,
  };
}
