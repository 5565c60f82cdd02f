import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const freezeSchema = z.object({
  problems: z.array(z.object({ path: z.string(), text: z.string(), is_blocking: z.boolean() })),
  can_freeze: z.boolean(),
  sha256: z.string(),
  meaning: z.string(),
});
export type Freeze = z.infer<typeof freezeSchema>;

export function freezeQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "freeze"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/freeze`, freezeSchema, { signal }),
    // What is signed is what is shown: never an answer of a while ago.
    gcTime: 0,
    staleTime: 0,
  });
}

export interface SignedFreeze {
  password: string;
  sha256: string;
}

/** Errors: `wrong_password`, `protocol_faulty`, `stale_protocol`, `no_cases`, `no_readers`, `strata_missing`. */
export function signFreeze(slug: string, sent: SignedFreeze): Promise<unknown> {
  return api.post(`/api/desk/studies/${slug}/freeze`, sent);
}

/** The protocol as PDF; without a version the one in force, or the draft. */
export function pdfPath(slug: string, version?: number): string {
  const path = `/api/desk/studies/${slug}/protocol.pdf`;
  return version === undefined ? path : `${path}?version=${version}`;
}
