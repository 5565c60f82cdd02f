import type { Annotation } from "../api/read";

/** A value of a drawing that this browser and the server do not have alike. */
export interface Difference {
  uuid: string;
  field: string;
  here: number;
  server: number;
}

const SAME_VALUE = 0.01;
const AXES: Readonly<Record<string, string>> = {
  long_axis_mm: " for the long axis",
  short_axis_mm: " for the short axis",
};

type Drawn = Omit<Annotation, "points_mm" | "values"> & {
  points_mm: readonly (readonly [number, number, number])[];
  values: Readonly<Record<string, number>>;
};

/**
 * The annotations as they were, unless they changed: drawing them again must not look like a change.
 *
 * The server's sums run in another order than the browser's, so that the last of their digits may differ.
 */
export function keptNotes(previous: readonly Annotation[], drawn: readonly Drawn[]): readonly Annotation[] {
  const known = new Map(previous.map((one) => [one.uuid, one]));
  const next = drawn.map((one): Annotation => {
    const before = known.get(one.uuid);
    if (before && isSame(before, one)) return before;
    const points = one.points_mm.map(([x, y, z]): [number, number, number] => [x, y, z]);
    return { ...one, points_mm: points, values: { ...one.values } };
  });
  const isUnchanged = next.length === previous.length && next.every((one, place) => one === previous[place]);
  return isUnchanged ? previous : next;
}

/** What the server measures where this browser does not, in plain words. */
export function differenceWords({ field, server }: Difference): string {
  const text = server.toFixed(2);
  if (field.endsWith("_mm2")) return `The server measures ${text} mm² here.`;
  if (field.endsWith("_mm")) return `The server measures ${text} mm here${AXES[field] ?? ""}.`;
  if (field.endsWith("_deg")) return `The server measures ${text}° here.`;
  if (field === "pixels") return `The server counts ${server} pixels here.`;
  return `The server has ${text} here as ${NAMES[field] ?? field}.`;
}

const NAMES: Readonly<Record<string, string>> = {
  mean: "mean",
  sd: "standard deviation",
  min: "smallest value",
  max: "largest value",
};

function isSame(before: Annotation, now: Drawn): boolean {
  const isPlaced =
    before.tool === now.tool &&
    before.series === now.series &&
    before.frame === now.frame &&
    before.text === now.text &&
    JSON.stringify(before.points_mm) === JSON.stringify(now.points_mm);
  const names = Object.keys(now.values);
  return (
    isPlaced &&
    names.every((name) => {
      const [one, other] = [before.values[name], now.values[name]];
      return one !== undefined && other !== undefined && Math.abs(one - other) <= SAME_VALUE;
    })
  );
}
