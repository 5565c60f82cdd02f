import { z } from "../api/zod";
import type { MarkValue, MaskValue, VoxelMaskValue } from "./drawn";

const optionSchema = z.object({
  value: z.union([z.string(), z.number()]),
  label: z.string(),
  hint: z.string().optional(),
  /** Where a location lies on the diagram, from 0 to 100 to the right and downward. */
  at: z.tuple([z.number(), z.number()]).optional(),
});

const base = {
  key: z.string(),
  label: z.string(),
  help: z.string().default(""),
  required: z.boolean().default(false),
  /** The heading that the question stands under. */
  section: z.string().optional(),
  show_if: z.string().optional(),
  required_if: z.string().optional(),
};
const options = z.array(optionSchema);
const words = z.array(z.object({ key: z.string(), label: z.string() }));
/** The role of the series that is drawn on; any, when not said. */
const role = z.string().optional();
const range = {
  unit: z.string().optional(),
  min: z.number(),
  max: z.number(),
  step: z.number().optional(),
};

export const questionSchema = z.discriminatedUnion("kind", [
  z.object({ ...base, kind: z.literal("choice"), options, multiple: z.boolean().optional() }),
  z.object({ ...base, kind: z.literal("ordinal"), options }),
  z.object({ ...base, kind: z.literal("yes_no") }),
  z.object({
    ...base,
    kind: z.literal("location"),
    options,
    diagram: z.literal("pelvis").optional(),
    view: z.enum(["axial", "coronal"]).optional(),
  }),
  z.object({ ...base, ...range, kind: z.literal("number") }),
  z.object({ ...base, kind: z.literal("probability") }),
  z.object({ ...base, kind: z.literal("text") }),
  z.object({
    ...base,
    ...range,
    kind: z.literal("measurement"),
    axis: z.enum(["short", "long"]),
    /** Which drawn pair of axes it belongs to, where a form has several. */
    of: z.string().optional(),
  }),
  z.object({
    ...base,
    kind: z.literal("mark"),
    options: options.optional(),
    max_marks: z.number().optional(),
    role,
  }),
  z.object({
    ...base,
    kind: z.literal("mask"),
    role,
    /** By its outline, when not said; `labels`, `statuses` and `cut_off_mm` are of segments drawn by voxels. */
    drawn_by: z.enum(["outline", "voxels"]).optional(),
    labels: words.optional(),
    statuses: words.optional(),
    cut_off_mm: z.number().optional(),
  }),
  z.object({
    ...base,
    kind: z.literal("derived"),
    expr: z.string(),
    type: z.enum(["boolean", "number", "category"]),
    unit: z.string().optional(),
    options: options.optional(),
  }),
]);

export const formSchema = z.object({ version: z.number(), questions: z.array(questionSchema) });

/** The JSON Schema (2020-12) of a form's answers, made by the server. */
export const answerSchema = z.record(z.string(), z.unknown());

const point = z.tuple([z.number(), z.number(), z.number()]);
const mark = z.object({
  uuid: z.string(),
  sop_uid: z.string(),
  frame_of_reference_uid: z.string(),
  point_mm: point,
  rating: z.union([z.string(), z.number()]).nullable(),
});
const outline = z.object({
  sop_uid: z.string(),
  frame_of_reference_uid: z.string(),
  points_mm: z.array(point),
});
const segment = z.object({ label: z.string().nullable(), status: z.string().nullable() });
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** An answer as it crosses the wire. */
export const answerValueSchema = z.union([
  scalar,
  z.array(z.union([z.string(), z.number()])),
  z.array(mark),
  z.object({ contours: z.array(outline) }),
  z.object({ segments: z.array(segment) }),
]);

export type Option = z.infer<typeof optionSchema>;
export type Question = z.infer<typeof questionSchema>;
export type Kind = Question["kind"];
export type QuestionOf<K extends Kind> = Extract<Question, { kind: K }>;
export type Form = z.infer<typeof formSchema>;
export type AnswerSchema = z.infer<typeof answerSchema>;
export type Scalar = z.infer<typeof scalar>;
/** Null: not answered. */
export type Answer =
  | Scalar
  | readonly (string | number)[]
  | readonly MarkValue[]
  | MaskValue
  | VoxelMaskValue;
export type Answers = Readonly<Record<string, Answer>>;

/** Whether the question is a mask that is painted voxel by voxel; other masks are drawn by their outline. */
export const isByVoxels = (question: Question): question is QuestionOf<"mask"> =>
  question.kind === "mask" && question.drawn_by === "voxels";

export const isOfKind =
  <K extends Kind>(kind: K) =>
  (question: Question): question is QuestionOf<K> =>
    question.kind === kind;
