import { formatDate, formatDateTime } from "../../../shared/lib/dates";

/** `14:05`, or with its date where that is another day than `now`'s. Both are epoch ms. */
export function clockTime(instant: number, now: number): string {
  const then = formatDateTime(new Date(instant).toISOString());
  const today = formatDate(new Date(now).toISOString());
  return then.startsWith(today) ? then.slice(today.length + 1) : then;
}
