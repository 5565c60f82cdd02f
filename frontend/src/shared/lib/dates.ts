const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function parts(instant: Date, timeZone: string | undefined): Record<string, string> {
  const format = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  return Object.fromEntries(format.formatToParts(instant).map((part) => [part.type, part.value]));
}

/** `2026-12-05 14:30`, in the given time zone or in that of the browser. */
export function formatDateTime(iso: string, timeZone?: string): string {
  const { year, month, day, hour, minute } = parts(new Date(iso), timeZone);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** `2026-12-05`, in the given time zone or in that of the browser. */
export function formatDate(iso: string, timeZone?: string): string {
  return formatDateTime(iso, timeZone).slice(0, 10);
}

export function formatUtc(iso: string): string {
  return `${formatDateTime(iso, "UTC")} UTC`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** `in 13 days`, `2 hours ago`, `now`: whole days from two days on, whole hours from one hour on. */
export function formatRelative(iso: string, now: Date): string {
  const difference = new Date(iso).getTime() - now.getTime();
  const size = Math.abs(difference);
  if (size < MINUTE) return "now";
  let span = counted(Math.round(size / MINUTE), "minute");
  if (size >= 2 * DAY) span = counted(Math.round(size / DAY), "day");
  else if (size >= HOUR) span = counted(Math.round(size / HOUR), "hour");
  return difference > 0 ? `in ${span}` : `${span} ago`;
}

/** Seconds as `48 s`, `2 min 05 s` or `1 h 12 min`; a dash when nothing was measured. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return "–";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
