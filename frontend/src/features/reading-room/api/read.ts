import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { answerSchema, answerValueSchema, formSchema } from "../../../shared/forms/types";
import { readPath } from "./read-ahead";

const point = z.tuple([z.number(), z.number(), z.number()]);

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

/** Measured or noted beside the form: it answers no question. */
const annotation = z.object({
  uuid: z.string(),
  tool: z.enum(["length", "angle", "ellipse", "freehand", "arrow", "text"]),
  series: z.number(),
  frame: z.number(),
  points_mm: z.array(point),
  text: z.string().nullable(),
  values: z.record(z.string(), z.number()),
});

/** What was painted on the slices of one series: a segment is one label of one question. */
const labelmap = z.object({
  series: z.number(),
  segments: z.array(
    z.object({
      value: z.number(),
      question: z.string(),
      label: z.string().nullable(),
      status: z.string().nullable(),
      origin: z.array(
        z.object({
          tool: z.string(),
          version: z.string(),
          seed_ijk: z.array(z.number()).nullable(),
          parameters: z.record(z.string(), z.unknown()),
        }),
      ),
      edited_voxels: z.number(),
    }),
  ),
  /** Slices, rows, columns. */
  shape: z.array(z.number()),
  /** Base64 of gzip of one byte a voxel, slice by slice. */
  data: z.string(),
});

export const seriesSchema = z.object({
  index: z.number(),
  title: z.string(),
  role: z.string().optional(),
  /** The plane it was taken in. */
  plane: z.string().optional(),
  slices: z.number(),
  slice_step_mm: z.number().nullable().default(null),
  initial_slice: z.number(),
  window: z.object({ center: z.number(), width: z.number() }).nullable(),
  warnings: z.array(z.string()),
  is_synthetic: z.boolean().default(false),
  /** Whether other planes may be made of it, and why not; absent where the server leaves that to the page. */
  mpr: z.object({ allowed: z.boolean(), reason: z.string().nullable() }).optional(),
});

const displayWindow = z.union([
  z.object({ center: z.number(), width: z.number() }),
  z.object({ low: z.number(), high: z.number() }),
]);

/** The panes that the protocol begins a case with. */
const hanging = z.object({
  rows: z.number().int().min(1).max(2),
  columns: z.number().int().min(1).max(3),
  panes: z.array(
    z.object({
      role: z.string().nullable(),
      kind: z.enum(["stack", "mpr"]),
      plane: z.enum(["acquired", "axial", "sagittal", "coronal"]).nullable(),
      start: z.enum(["first", "middle", "last"]).nullable(),
      window: displayWindow.nullable(),
    }),
  ),
  linked: z.boolean(),
});

/** Where the reader was in the images; whatever is known of it. */
const view = z.object({
  series: z.number().optional(),
  slice: z.number().optional(),
  center: z.number().optional(),
  width: z.number().optional(),
  zoom: z.number().optional(),
  pan_x: z.number().optional(),
  pan_y: z.number().optional(),
  /** Mirrored from left to right first, then rotated clockwise; 0 or 1, and degrees. */
  mirrored: z.number().optional(),
  rotation: z.number().optional(),
  inverted: z.number().optional(),
});

export const openRead = z.object({
  id: z.string(),
  alias: z.string(),
  /** Reopened: submitted before, and open again to be corrected. */
  status: z.enum(["draft", "reopened"]),
  session: z.object({
    ordinal: z.number(),
    title: z.string(),
    is_aided: z.boolean(),
    is_training: z.boolean(),
  }),
  /** Which commit of the case this is, of how many. */
  step: z.number(),
  steps: z.number(),
  position: z.number(),
  total: z.number(),
  study: z.object({ slug: z.string(), title: z.string() }),
  case_info: z.array(z.object({ label: z.string(), value: z.string() })).default([]),
  form: formSchema,
  /** JSON Schema of the answers. */
  schema: answerSchema,
  draft: z.object({
    revision: z.number(),
    answers: z.record(z.string(), answerValueSchema),
    measurements: z.array(measurement),
    annotations: z.array(annotation).optional(),
    labelmaps: z.array(labelmap).optional(),
    saved_at: z.string().nullable(),
    /** The page that saved it. */
    client_id: z.string().nullable().default(null),
    view: view.nullable(),
  }),
  series: z.array(seriesSchema),
  primary_series: z.number(),
  hanging: hanging.nullable().default(null),
  /** Tools beside the form that the protocol has; null for all of them. */
  tools: z.array(z.string()).nullable().default(null),
  aid_released: z.boolean(),
  /** Why a reopened read is corrected. */
  correction: z.object({ reason: z.string() }).nullable(),
  /** Whose read it is, so that this browser keeps it apart from what others enter here. */
  reader: z.string(),
});

const lockedRead = z.object({
  id: z.string(),
  alias: z.string(),
  status: z.literal("submitted"),
  /** Whether the reader is told how the case should have been answered: a training case. */
  has_feedback: z.boolean(),
});
const readSchema = z.discriminatedUnion("status", [openRead, lockedRead]);

export type Annotation = z.infer<typeof annotation>;
export type Labelmap = z.infer<typeof labelmap>;
export type Measurement = z.infer<typeof measurement>;
export type OpenRead = z.infer<typeof openRead>;
export type Read = z.infer<typeof readSchema>;
export type StoredView = z.infer<typeof view>;
export type SeriesInfo = z.infer<typeof seriesSchema>;

export function getRead(readId: string): Promise<Read> {
  return api.get<Read>(readPath(readId), readSchema as z.ZodType<Read>);
}
