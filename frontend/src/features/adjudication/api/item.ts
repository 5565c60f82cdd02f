import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { answerSchema, formSchema } from "../../../shared/forms/types";
import { modeSchema } from "./worklist";

const point = z.tuple([z.number(), z.number(), z.number()]);
const place = {
  uuid: z.string(),
  question: z.string(),
  series: z.number(),
  /** Counted from 1. */
  frame: z.number(),
  sop_uid: z.string(),
  frame_of_reference_uid: z.string(),
};

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** An answer as it is shown; of a drawing, how many marks or outlines it has. */
const shownAnswer = z.union([
  scalar,
  z.array(z.union([z.string(), z.number()])),
  z.object({ count: z.number() }),
]);
export type ShownAnswer = z.infer<typeof shownAnswer>;

/** An answer of a verdict; a drawing is adopted from a reading. */
const verdictAnswer = z.union([
  scalar,
  z.array(z.union([z.string(), z.number()])),
  z.object({ reading: z.string() }),
]);
export type VerdictAnswer = z.infer<typeof verdictAnswer>;

const segment = z.object({
  /** Of its voxels in the labelmap. */
  value: z.number(),
  label: z.string().nullable(),
  status: z.string().nullable(),
  /** Of its short axis, counted from 1; null where it is too small for one. */
  frame: z.number().nullable(),
  short_axis_mm: z.number().nullable(),
  long_axis_mm: z.number().nullable(),
  volume_ml: z.number().nullable(),
  slices: z.array(z.number()),
  borderline: z.boolean().nullable(),
});
export type ShownSegment = z.infer<typeof segment>;

/** The voxels of one question on one series: base64 of gzip of a byte a voxel, slice by slice. */
const labelmap = z.object({
  question: z.string(),
  series: z.number(),
  shape: z.tuple([z.number(), z.number(), z.number()]),
  segments: z.array(segment),
  data: z.string(),
});
export type ShownLabelmap = z.infer<typeof labelmap>;

const beside = { uuid: z.string(), series: z.number(), /** Counted from 1. */ frame: z.number() };
const measurement = z.object({
  ...beside,
  /** Empty where the axes were drawn for none. */
  question: z.string(),
  points_mm: z.tuple([point, point, point, point]),
  long_axis_mm: z.number(),
  short_axis_mm: z.number(),
});
/** What was measured beside the form; the words that a reader wrote beside it are left out. */
const annotation = z.object({
  ...beside,
  tool: z.enum(["length", "angle", "ellipse", "freehand", "arrow"]),
  points_mm: z.array(point),
  values: z.record(z.string(), z.number()),
});

const original = z.object({
  letter: z.string(),
  answers: z.record(z.string(), shownAnswer),
  marks: z.array(
    z.object({ ...place, point_mm: point, rating: z.union([z.string(), z.number()]).nullable() }),
  ),
  contours: z.array(z.object({ ...place, points_mm: z.array(point) })),
  labelmaps: z.array(labelmap),
  measurements: z.array(measurement),
  annotations: z.array(annotation),
});
export type Original = z.infer<typeof original>;

const series = z.object({
  index: z.number(),
  title: z.string(),
  role: z.string(),
  plane: z.string(),
  slices: z.number(),
  slice_step_mm: z.number().nullable(),
  initial_slice: z.number(),
  window: z.object({ center: z.number(), width: z.number() }).nullable(),
  warnings: z.array(z.string()),
  is_synthetic: z.boolean(),
  mpr: z.object({ allowed: z.boolean(), reason: z.string().nullable() }),
});

const hanging = z.object({
  rows: z.number(),
  columns: z.number(),
  panes: z.array(
    z.object({
      role: z.string().nullable(),
      kind: z.enum(["stack", "mpr"]),
      plane: z.enum(["acquired", "axial", "sagittal", "coronal"]).nullable(),
      start: z.enum(["first", "middle", "last"]).nullable(),
      window: z
        .union([
          z.object({ center: z.number(), width: z.number() }),
          z.object({ low: z.number(), high: z.number() }),
        ])
        .nullable(),
    }),
  ),
  linked: z.boolean(),
});

const openItem = z.object({
  id: z.string(),
  alias: z.string(),
  status: z.literal("open"),
  mode: modeSchema,
  study: z.object({ slug: z.string(), title: z.string() }),
  case_info: z.array(z.object({ label: z.string(), value: z.string() })),
  form: formSchema,
  schema: answerSchema,
  series: z.array(series),
  primary_series: z.number(),
  /** The panes of the study; null for one pane. */
  hanging: hanging.nullable(),
  originals: z.array(original),
  /** Dice coefficients of the masks of each two readings that drew something. */
  agreement: z.array(z.object({ question: z.string(), letters: z.array(z.string()), dice: z.number() })),
  discordant: z.array(z.object({ question: z.string(), words: z.string() })),
  to_settle: z.array(z.string()),
  fixed: z.array(
    z.object({
      question: z.string(),
      value: shownAnswer,
      how: z.enum(["unanimous", "concordant", "majority"]),
    }),
  ),
  attendee_codes: z.array(z.string()),
  draft: z.object({
    revision: z.number(),
    answers: z.record(z.string(), verdictAnswer),
    reason: z.string(),
    attendees: z.array(z.string()),
    saved_at: z.string().nullable(),
  }),
});
const closedItem = z.object({
  id: z.string(),
  alias: z.string(),
  status: z.enum(["settled", "voided", "locked"]),
});
const itemSchema = z.discriminatedUnion("status", [openItem, closedItem]);

export type OpenItem = z.infer<typeof openItem>;
export type ClosedItem = z.infer<typeof closedItem>;
export type Item = OpenItem | ClosedItem;

/** What the adjudicator enters. */
export interface Entries {
  answers: Record<string, VerdictAnswer>;
  reason: string;
  attendees: string[];
}

export function itemPath(itemId: string): string {
  return `/api/adjudicator/items/${itemId}`;
}

export function getItem(itemId: string): Promise<Item> {
  return api.get<Item>(itemPath(itemId), itemSchema);
}

const savedSchema = z.object({ revision: z.number(), saved_at: z.string() });
export type SavedEntries = z.infer<typeof savedSchema>;

/** Errors: `stale_draft`, `item_settled`, `item_voided`, `invalid`. */
export function putDraft(
  itemId: string,
  draft: Entries & { revision: number },
  options: { keepalive?: boolean } = {},
): Promise<SavedEntries> {
  return api.put(`${itemPath(itemId)}/draft`, draft, savedSchema, options);
}

const settledSchema = z.object({ status: z.literal("settled"), waiting: z.number() });

/** The number of items that still wait. */
export async function postSettle(
  itemId: string,
  verdict: Entries & { revision: number; idempotency_key: string },
): Promise<number> {
  return (await api.post(`${itemPath(itemId)}/settle`, verdict, settledSchema)).waiting;
}
