import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const point = z.tuple([z.number(), z.number(), z.number()]);

const gtRule = z.object({ op: z.literal("gt"), question: z.string(), value: z.number() });
const countRule = z.object({
  op: z.literal("count_true"),
  questions: z.array(z.string()),
  map: z.record(z.string(), scalar),
});
const base = {
  key: z.string(),
  label: z.string(),
  help: z.string().default(""),
  required: z.boolean().default(false),
};
const option = z.object({
  value: z.union([z.string(), z.number()]),
  label: z.string(),
  hint: z.string().optional(),
});
const range = { unit: z.string().optional(), min: z.number(), max: z.number(), step: z.number().optional() };

const question = z.discriminatedUnion("kind", [
  z.object({ ...base, kind: z.literal("location"), options: z.array(option) }),
  z.object({ ...base, kind: z.literal("choice"), options: z.array(option) }),
  z.object({ ...base, kind: z.literal("ordinal"), options: z.array(option) }),
  z.object({ ...base, kind: z.literal("yes_no") }),
  z.object({ ...base, ...range, kind: z.literal("measurement"), axis: z.enum(["short", "long"]) }),
  z.object({ ...base, ...range, kind: z.literal("number") }),
  z.object({ ...base, kind: z.literal("derived"), rule: z.discriminatedUnion("op", [gtRule, countRule]) }),
  z.object({ ...base, kind: z.literal("text") }),
]);

const measurement = z.object({
  uuid: z.string(),
  tool: z.literal("bidirectional"),
  question: z.string().nullable(),
  series: z.number(),
  frame: z.number(),
  points_mm: z.tuple([point, point, point, point]),
  long_axis_mm: z.number(),
  short_axis_mm: z.number(),
});

const series = z.object({
  index: z.number(),
  title: z.string(),
  role: z.string().optional(),
  slices: z.number(),
  slice_step_mm: z.number().nullable().default(null),
  initial_slice: z.number(),
  window: z.object({ center: z.number(), width: z.number() }).nullable(),
  warnings: z.array(z.string()),
  is_synthetic: z.boolean().default(false),
});

const openRead = z.object({
  id: z.string(),
  alias: z.string(),
  status: z.literal("draft"),
  session: z.object({ ordinal: z.number(), title: z.string(), is_aided: z.boolean() }),
  position: z.number(),
  total: z.number(),
  study: z.object({ slug: z.string(), title: z.string() }),
  case_info: z.array(z.object({ label: z.string(), value: z.string() })).default([]),
  form: z.object({ version: z.number(), questions: z.array(question) }),
  draft: z.object({
    revision: z.number(),
    answers: z.record(z.string(), scalar),
    measurements: z.array(measurement),
    saved_at: z.string().nullable(),
  }),
  series: z.array(series),
  primary_series: z.number(),
  aid_released: z.boolean(),
});

const lockedRead = z.object({ id: z.string(), alias: z.string(), status: z.literal("submitted") });
const readSchema = z.discriminatedUnion("status", [openRead, lockedRead]);

export type Scalar = z.infer<typeof scalar>;
export type Question = z.infer<typeof question>;
export type QuestionOf<Kind extends Question["kind"]> = Extract<Question, { kind: Kind }>;
export type Form = z.infer<typeof openRead>["form"];
export type Measurement = z.infer<typeof measurement>;
export type OpenRead = z.infer<typeof openRead>;
export type Read = z.infer<typeof readSchema>;
export type SeriesInfo = z.infer<typeof series>;

export const readPath = (readId: string): string => `/api/reader/reads/${encodeURIComponent(readId)}`;

export function getRead(readId: string): Promise<Read> {
  return api.get<Read>(readPath(readId), readSchema as z.ZodType<Read>);
}
