import type { NextTurn } from "../api/get-worklist";

const SOON_MS = 5_000;
const WHILE_WAITING_MS = 5 * 60_000;
const WHILE_PAUSING_MS = 30_000;

/**
 * After how many ms the server is asked again what may be read; false where nothing is waited for.
 *
 * As soon as the turn opens by this browser's clock, and now and then before, for that clock may be wrong.
 */
export function askAgainIn(next: Pick<NextTurn, "status" | "opens_at">, now: Date): number | false {
  if ((next.status !== "waiting" && next.status !== "break") || next.opens_at === null) return false;
  const left = new Date(next.opens_at).getTime() - now.getTime();
  const most = next.status === "break" ? WHILE_PAUSING_MS : WHILE_WAITING_MS;
  return left <= 0 ? SOON_MS : Math.min(left + 250, most);
}
