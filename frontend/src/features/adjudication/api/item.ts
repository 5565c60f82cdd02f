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

const original = z.object({
  letter: z.string(),
  answers: z.record(z.string(), shownAnswer),
  marks: z.array(
    z.object({ ...place, point_mm: point, rating: z.union([z.string(), z.number()]).nullable() }),
  ),
  contours: z.array(z.object({ ...place, points_mm: z.array(point) })),
});
export type Original = z.infer<typeof original>;

const series = z.object({
  index: z.number(),
  title: z.string(),
  role: z.string(),
  slices: z.number(),
  slice_step_mm: z.number().nullable(),
  initial_slice: z.number(),
  window: z.object({ center: z.number(), width: z.number() }).nullable(),
  warnings: z.array(z.string()),
  is_synthetic: z.boolean(),
  mpr: z.object({ allowed: z.boolean(), reason: z.string().nullable() }),
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
  originals: z.array(original),
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
