import type { Me, Membership, Role } from "../api/get-me";

const ROLE_LABELS: Readonly<Record<Role, string>> = {
  READER: "Reader",
  COORDINATOR: "Coordinator",
  SITE_DATA_MANAGER: "Site data manager",
  ADJUDICATOR: "Adjudicator",
  STATISTICIAN: "Statistician",
  AUDITOR: "Auditor",
};

export function roleLabel(role: Role): string {
  return ROLE_LABELS[role];
}

/** Where a member works: readers and adjudicators at their worklists, everybody else at the desk. */
export function placeOf({ role, study }: Membership): string {
  if (role === "READER") return `/read/${study}`;
  return role === "ADJUDICATOR" ? `/adjudicate/${study}` : `/desk/${study}`;
}

/** What the way to a member's place is called. */
export function placeLabel({ role }: Membership): string {
  return role === "READER" || role === "ADJUDICATOR" ? "Open worklist" : "Open desk";
}

/** The only place this person can want, if there is just one. */
export function onlyPlace(me: Me): string | null {
  const places = new Set(me.memberships.map(placeOf));
  const [place] = places;
  return places.size === 1 && place !== undefined && !me.is_operator && !me.may_create_studies ? place : null;
}

/** The path to go back to after signing in; anything that could lead off this site is dropped. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith("/") || /^\/[/\\]/.test(next)) return "/";
  const url = new URL(next, window.location.origin);
  return url.origin === window.location.origin ? url.pathname + url.search : "/";
}
