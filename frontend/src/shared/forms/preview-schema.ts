import { type AnswerSchema, type Form, isByVoxels, type Question, type QuestionOf } from "./types";

const MAX_SEGMENTS = 255;
const MAX_TEXT = 2000;
const MAX_MARKS = 100;
const MAX_CONTOURS = 500;
const MAX_POINTS = 2000;
const MAX_COORDINATE_MM = 5000;
const UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
const UID = { type: "string", pattern: "^[0-9.]{1,64}$" };
const COORDINATE = { type: "number", minimum: -MAX_COORDINATE_MM, maximum: MAX_COORDINATE_MM };
const POINT = { type: "array", items: COORDINATE, minItems: 3, maxItems: 3 };

/**
 * The JSON Schema of the answers to a form that is still being built, for its preview. A read brings the server's own
 * (`backend/studies/form_schema.py`), which this one follows.
 */
export function previewSchema(form: Form): AnswerSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(form.questions.map((question) => [question.key, schemaOf(question)])),
  };
}

function schemaOf(question: Question): AnswerSchema {
  switch (question.kind) {
    case "choice": {
      const values = question.options.map(({ value }) => value);
      if (!question.multiple) return { enum: [...values, null] };
      return { type: ["array", "null"], items: { enum: values }, uniqueItems: true };
    }
    case "ordinal":
    case "location":
      return { enum: [...question.options.map(({ value }) => value), null] };
    case "yes_no":
      return { type: ["boolean", "null"] };
    case "number":
    case "measurement":
      return { type: ["number", "null"], ...limits(question) };
    case "probability":
      return { type: ["integer", "null"], minimum: 0, maximum: 100 };
    case "text":
      return { type: ["string", "null"], maxLength: MAX_TEXT };
    case "mark":
      return marks(question);
    case "mask":
      if (isByVoxels(question)) return segments(question);
      return {
        ...object({ contours: { type: "array", items: OUTLINE, maxItems: MAX_CONTOURS } }),
        type: ["object", "null"],
      };
    default:
      return {};
  }
}

function marks({ options, max_marks }: QuestionOf<"mark">): AnswerSchema {
  const rating = options?.length ? { enum: [...options.map(({ value }) => value), null] } : { type: "null" };
  return {
    type: ["array", "null"],
    items: drawn({ uuid: { type: "string", pattern: UUID }, point_mm: POINT, rating }),
    maxItems: max_marks ?? MAX_MARKS,
  };
}

function segments({ labels = [], statuses = [] }: QuestionOf<"mask">): AnswerSchema {
  const segment = object({
    label: { enum: [...labels.map(({ key }) => key), null] },
    status: { enum: [...statuses.map(({ key }) => key), null] },
  });
  const list = { type: "array", items: segment, maxItems: MAX_SEGMENTS };
  return { ...object({ segments: list }), type: ["object", "null"] };
}

const drawn = (parts: AnswerSchema): AnswerSchema =>
  object({ sop_uid: UID, frame_of_reference_uid: UID, ...parts });

function object(properties: AnswerSchema): AnswerSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const OUTLINE = drawn({
  points_mm: { type: "array", items: POINT, minItems: 3, maxItems: MAX_POINTS },
});

/** The range as far as it is written already. */
function limits({ min, max }: { min?: number; max?: number }): AnswerSchema {
  return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}
