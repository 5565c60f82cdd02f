import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

export const roleSchema = z.enum([
  "READER",
  "COORDINATOR",
  "SITE_DATA_MANAGER",
  "ADJUDICATOR",
  "STATISTICIAN",
  "AUDITOR",
]);
export type Role = z.infer<typeof roleSchema>;

const membershipSchema = z.object({
  study: z.string(),
  title: z.string(),
  role: roleSchema,
  phase: z.enum(["DESIGN", "READING", "LOCKED"]),
});
export type Membership = z.infer<typeof membershipSchema>;

export const meSchema = z.object({
  username: z.string(),
  display_name: z.string(),
  memberships: z.array(membershipSchema),
  is_operator: z.boolean(),
  may_create_studies: z.boolean(),
});
export type Me = z.infer<typeof meSchema>;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => api.get("/api/account/me", meSchema, { signal }),
  staleTime: 60_000,
});
