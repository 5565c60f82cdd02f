import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import type { Answer, AnswerSchema } from "./types";

const validators = new WeakMap<AnswerSchema, Validator>();

/** What the form's JSON Schema refuses, by question. */
export function structureErrors(
  schema: AnswerSchema,
  given: Readonly<Record<string, Answer>>,
): Map<string, OutputUnit[]> {
  const found = new Map<string, OutputUnit[]>();
  for (const error of validatorOf(schema).validate(given).errors) {
    const [, key] = error.instanceLocation.split("/");
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), error]);
  }
  return found;
}

function validatorOf(schema: AnswerSchema): Validator {
  const known = validators.get(schema);
  if (known) return known;
  const made = new Validator(schema as Schema, "2020-12", false);
  validators.set(schema, made);
  return made;
}
