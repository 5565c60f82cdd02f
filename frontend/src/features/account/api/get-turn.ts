import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { Membership } from "./get-me";

const readerSchema = z.object({
  next: z.object({ status: z.string(), opens_at: z.string().nullable() }),
  correctable: z.array(z.object({ request: z.object({ status: z.string() }).nullable() })),
});

const adjudicatorSchema = z.object({ status: z.string() });

/** Whose turn it is in a study, as far as its member has a worklist there. */
export interface Turn {
  /** The server's word for it, e.g. `open`, `waiting`, `break`, `to_sign`, `nothing_now`. */
  status: string;
  opensAt: string | null;
  /** A read is open again that its reader asked to correct. */
  isCorrecting: boolean;
}

async function readerTurn(study: string, signal: AbortSignal): Promise<Turn> {
  const { next, correctable } = await api.get(`/api/reader/studies/${study}/worklist`, readerSchema, {
    signal,
  });
  const isCorrecting = correctable.some((one) => one.request?.status === "granted");
  return { status: next.status, opensAt: next.opens_at, isCorrecting };
}

async function adjudicatorTurn(study: string, signal: AbortSignal): Promise<Turn> {
  const path = `/api/adjudicator/studies/${study}/worklist`;
  const { status } = await api.get(path, adjudicatorSchema, { signal });
  return { status, opensAt: null, isCorrecting: false };
}

/** Readers and adjudicators have turns; everybody else works when they like. */
export function hasTurns({ role }: Membership): boolean {
  return role === "READER" || role === "ADJUDICATOR";
}

/** Asked of the study's own worklist, which alone knows the rules of its turns. */
export function turnQuery(membership: Membership) {
  const { study, role, phase } = membership;
  return queryOptions({
    queryKey: ["turn", study, role],
    queryFn: ({ signal }) => (role === "READER" ? readerTurn : adjudicatorTurn)(study, signal),
    enabled: hasTurns(membership) && phase === "READING",
    // Back from a worklist the turn may be another's.
    refetchOnMount: "always",
  });
}
