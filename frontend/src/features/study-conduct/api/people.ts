import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const memberSchema = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  role: z.string(),
  center: z.string(),
  group: z.string(),
  sequence: z.string(),
  enrolled_at: z.string(),
  is_late: z.boolean(),
  withdrawn_at: z.string().nullable(),
  is_waiting: z.boolean(),
  opens_at: z.string().nullable(),
});
export type Member = z.infer<typeof memberSchema>;

const placeSchema = z.object({ key: z.string(), title: z.string() });
const peopleSchema = z.object({
  members: z.array(memberSchema),
  groups: z.array(placeSchema),
  sequences: z.array(placeSchema),
  centers: z.array(placeSchema),
});
export type People = z.infer<typeof peopleSchema>;

export function peopleQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "people"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/members`, peopleSchema, { signal }),
  });
}

export interface Enrollment {
  username: string;
  role: string;
  center: string;
  group: string;
  reason: string;
}

/** Errors: `invalid` by field, `reason_missing`, `already_member`, `role_unblinds`, `unknown_group`, `study_locked`. */
export function enroll(slug: string, sent: Enrollment): Promise<People> {
  return api.post(`/api/desk/studies/${slug}/members`, sent, peopleSchema);
}

/** Errors: `reason_missing`, `last_coordinator`, `already_withdrawn`, `study_locked`. */
export function withdraw(slug: string, member: string, reason: string): Promise<People> {
  return api.post(`/api/desk/studies/${slug}/members/${member}/withdraw`, { reason }, peopleSchema);
}

/** Errors: as enrollment and withdrawal have them. */
export function replace(slug: string, member: string, username: string, reason: string): Promise<People> {
  return api.post(`/api/desk/studies/${slug}/members/${member}/replace`, { username, reason }, peopleSchema);
}

/** Errors: `not_waiting`. */
export function overrideWashout(slug: string, member: string, reason: string): Promise<People> {
  return api.post(`/api/desk/studies/${slug}/members/${member}/override-washout`, { reason }, peopleSchema);
}
