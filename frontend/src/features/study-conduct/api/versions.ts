import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const changeSchema = z.object({ path: z.string(), old: z.unknown(), new: z.unknown() });
export type Change = z.infer<typeof changeSchema>;

const versionSchema = z.object({
  version: z.number(),
  sha256: z.string(),
  effective_at: z.string().nullable(),
  reason: z.string(),
  changes: z.array(changeSchema),
  signatures: z.array(
    z.object({ name: z.string(), meaning: z.string(), signed_at: z.string(), document_sha256: z.string() }),
  ),
});
export type Version = z.infer<typeof versionSchema>;

const versionsSchema = z.object({
  versions: z.array(versionSchema),
  may_amend: z.boolean(),
  amend_meaning: z.string(),
});
export type Versions = z.infer<typeof versionsSchema>;

export function versionsQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "versions"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/versions`, versionsSchema, { signal }),
  });
}

/** The parts of a protocol that an amendment may touch; everything else goes through untouched. */
/** A form as it is edited: every question keeps what it has beside its key and kind. */
const formSchema = z.looseObject({
  version: z.number(),
  questions: z.array(z.looseObject({ key: z.string(), kind: z.string() })),
});
export type FormDraft = z.infer<typeof formSchema>;

const documentSchema = z.looseObject({
  objective: z.string(),
  instructions: z.string(),
  design: z.looseObject({
    sessions: z.array(z.looseObject({ ordinal: z.number(), title: z.string(), washout_days: z.number() })),
  }),
  sittings: z.looseObject({
    max_cases: z.number().nullable(),
    max_minutes: z.number().nullable(),
    break_minutes: z.number(),
  }),
  training: z.looseObject({ pass_mark: z.number(), max_attempts: z.number() }).nullable(),
  signature: z.boolean(),
  form: formSchema,
  adjudication: z.unknown(),
  analysis: z.looseObject({ plan: z.unknown().optional() }),
  statements: z.unknown().optional(),
});
export type Document = z.infer<typeof documentSchema>;

const inForceSchema = z.object({ title: z.string(), version: z.number(), document: documentSchema });
export type InForce = z.infer<typeof inForceSchema>;

export function inForceQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "protocol-in-force"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/protocol`, inForceSchema, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const previewSchema = z.object({ version: z.number(), sha256: z.string(), changes: z.array(changeSchema) });
export type Preview = z.infer<typeof previewSchema>;

export interface Amendment {
  document: Document;
  title: string;
}

/** Writes nothing. Errors: `not_amendable`, `nothing_amended`, `protocol_faulty`. */
export function previewAmendment(slug: string, sent: Amendment): Promise<Preview> {
  return api.post(`/api/desk/studies/${slug}/amendments/preview`, sent, previewSchema);
}

export interface SignedAmendment extends Amendment {
  version: number;
  reason: string;
  password: string;
}

/** Errors: as the preview, and `wrong_password`, `reason_missing`, `stale_protocol`. */
export function signAmendment(slug: string, sent: SignedAmendment): Promise<Preview> {
  return api.post(`/api/desk/studies/${slug}/amendments`, sent, previewSchema);
}
