/** A place on a slice: mm along its rows and along its columns. */
export type PlanePoint = readonly [number, number];
export type Outline = readonly PlanePoint[];

/** What a stroke of the mouse does to the outlines of a slice. */
export type StrokeOutcome =
  | { kind: "new"; outline: Outline }
  | { kind: "changed"; place: number; outline: Outline }
  /** Too short to be meant as a drawing. */
  | { kind: "nothing" }
  | { kind: "refused"; text: string };

export interface StrokeOptions {
  /** How near to an outline a stroke begins or ends on it. */
  reachMm: number;
  /** How far the kept corners may lie from the drawn line. */
  toleranceMm: number;
  /** Outlines smaller than this are slips of the hand. */
  smallestMm2: number;
}

interface Anchor {
  /** Along the stroke: edge number plus the share of that edge. */
  onStroke: number;
  /** Along the outline, likewise. */
  onOutline: number;
  point: PlanePoint;
}

// Points are kept to a thousandth of a millimeter: what comes nearer than this may touch once it is kept.
const CLEARANCE_MM = 0.005;
const SAME_PLACE_MM = 1e-9;
const CROSSES_ITSELF = "The outline crosses itself. Please draw it once more.";
const CROSSES_ANOTHER = "An outline may not cross another one on the same slice.";

/** The area by the shoelace formula; positive when rows run right and columns down and the outline runs clockwise. */
export function signedAreaMm2(outline: Outline): number {
  const [x0, y0] = outline[0] ?? [0, 0];
  let sum = 0;
  outline.forEach(([x, y], corner) => {
    const [nextX, nextY] = at(outline, corner + 1);
    sum += (x - x0) * (nextY - y0) - (nextX - x0) * (y - y0);
  });
  return sum / 2;
}

export const areaMm2 = (outline: Outline): number => Math.abs(signedAreaMm2(outline));

/**
 * Whether edges that are not neighbors meet or neighbors lie on one another, or come so near that they may once the
 * points are kept. It is what the server refuses (`outlines.crosses_itself`).
 *
 * A corner that is set twice in a row is one corner. Fewer than three make edges that lie on one another.
 */
export function crossesItself(outline: Outline): boolean {
  const corners = withoutRepeats(outline, CLEARANCE_MM);
  return corners.length < 3 || firstSelfCrossing(corners) !== null || foldsBack(corners);
}

export function crossOneAnother(one: Outline, other: Outline): boolean {
  return one.some((corner, place) =>
    other.some((start, edge) => touching(corner, at(one, place + 1), start, at(other, edge + 1)) !== null),
  );
}

/** The outline without the loops that a hand makes where it crosses its own line: of two parts the larger stays. */
export function withoutLoops(outline: Outline): Outline {
  let left = withoutRepeats(outline, CLEARANCE_MM);
  for (let found = firstSelfCrossing(left); found !== null; found = firstSelfCrossing(left)) {
    const { first, second, point } = found;
    const inner = [point, ...left.slice(first + 1, second + 1)];
    const outer = [...left.slice(0, first + 1), point, ...left.slice(second + 1)];
    left = withoutRepeats(areaMm2(inner) > areaMm2(outer) ? inner : outer, CLEARANCE_MM);
  }
  return left;
}

/** Fewer corners, none of the dropped ones farther than the tolerance from the line (Ramer, Douglas, Peucker). */
export function simplified(outline: Outline, toleranceMm: number): Outline {
  if (outline.length <= 4) return outline;
  const [start] = outline as [PlanePoint];
  const far = outline.reduce(
    (best, point, place) =>
      distance(start, point) > distance(start, outline[best] as PlanePoint) ? place : best,
    0,
  );
  const there = thinned(outline.slice(0, far + 1), toleranceMm);
  const back = thinned([...outline.slice(far), start], toleranceMm);
  const result = [...there.slice(0, -1), ...back.slice(0, -1)];
  return result.length < 3 || crossesItself(result) ? outline : result;
}

/**
 * What a stroke makes of a slice.
 *
 * A stroke that leaves an outline and comes back to it redraws that part. Any other closes to an outline of its own.
 */
export function applyStroke(
  outlines: readonly Outline[],
  stroke: readonly PlanePoint[],
  options: StrokeOptions,
): StrokeOutcome {
  const line = withoutRepeats(stroke, SAME_PLACE_MM, false);
  if (line.length < 2 || lengthOf(line) < options.reachMm) return { kind: "nothing" };
  const place = outlines.findIndex((outline) => anchorsOf(line, outline, options.reachMm).length >= 2);
  const target = outlines[place];
  const drawn = target ? redrawn(target, line, options.reachMm) : line;
  const outline = withoutRepeats(simplified(withoutLoops(drawn), options.toleranceMm), CLEARANCE_MM);
  if (outline.length < 3 || areaMm2(outline) < options.smallestMm2) return { kind: "nothing" };
  if (crossesItself(outline)) return { kind: "refused", text: CROSSES_ITSELF };
  const isCrossing = outlines.some((other, index) => index !== place && crossOneAnother(outline, other));
  if (isCrossing) return { kind: "refused", text: CROSSES_ANOTHER };
  return target ? { kind: "changed", place, outline } : { kind: "new", outline };
}

/** Distance of a place to the line of an outline. */
export function distanceToOutline(point: PlanePoint, outline: Outline): number {
  return nearest(point, outline).distance;
}

/** The stroke between where it leaves and where it returns, in place of the outline's part that makes it smaller. */
function redrawn(outline: Outline, stroke: readonly PlanePoint[], reachMm: number): Outline {
  const anchors = anchorsOf(stroke, outline, reachMm);
  const first = anchors[0] as Anchor;
  const last = anchors.at(-1) as Anchor;
  const between = stroke.filter((_, place) => place > first.onStroke && place < last.onStroke);
  const middle = [first.point, ...between, last.point];
  const onward = [...middle, ...walk(outline, last.onOutline, first.onOutline)];
  const backward = [...middle.slice().reverse(), ...walk(outline, first.onOutline, last.onOutline)];
  return areaMm2(onward) >= areaMm2(backward) ? onward : backward;
}

/** Corners passed on the way forward from one place of the outline to another. */
function walk(outline: Outline, from: number, to: number): PlanePoint[] {
  const count = outline.length;
  const end = to > from ? to : to + count;
  const corners: PlanePoint[] = [];
  for (let corner = Math.floor(from) + 1; corner <= end; corner++) corners.push(at(outline, corner));
  return corners;
}

/** Where a stroke meets an outline, in the order of the stroke; its ends meet it when they come near. */
function anchorsOf(stroke: readonly PlanePoint[], outline: Outline, reachMm: number): Anchor[] {
  const anchors: Anchor[] = [];
  stroke.slice(0, -1).forEach((start, edge) => {
    outline.forEach((corner, side) => {
      const met = meeting(start, stroke[edge + 1] as PlanePoint, corner, at(outline, side + 1));
      if (met) anchors.push({ onStroke: edge + met.along, onOutline: side + met.across, point: met.point });
    });
  });
  for (const end of [0, stroke.length - 1]) {
    const near = nearest(stroke[end] as PlanePoint, outline);
    const isMet = anchors.some(({ onStroke }) => Math.abs(onStroke - end) < 1);
    if (near.distance <= reachMm && !isMet) {
      anchors.push({ onStroke: end, onOutline: near.onOutline, point: near.point });
    }
  }
  return anchors.sort((a, b) => a.onStroke - b.onStroke);
}

function nearest(
  point: PlanePoint,
  outline: Outline,
): { distance: number; onOutline: number; point: PlanePoint } {
  let best = { distance: Number.POSITIVE_INFINITY, onOutline: 0, point };
  outline.forEach((start, side) => {
    const share = shareAlong(point, start, at(outline, side + 1));
    const foot = between(start, at(outline, side + 1), share);
    const away = distance(point, foot);
    if (away < best.distance) best = { distance: away, onOutline: side + share, point: foot };
  });
  return best;
}

function firstSelfCrossing(outline: Outline): { first: number; second: number; point: PlanePoint } | null {
  const count = outline.length;
  for (let first = 0; first < count - 2; first++) {
    for (let second = first + 2; second < count; second++) {
      if (first === 0 && second === count - 1) continue;
      const corners = [first, first + 1, second, second + 1].map((place) => at(outline, place));
      const point = touching(...(corners as [PlanePoint, PlanePoint, PlanePoint, PlanePoint]));
      if (point) return { first, second, point };
    }
  }
  return null;
}

/** Whether an edge runs back over the one before it. */
function foldsBack(outline: Outline): boolean {
  return outline.some((corner, place) => {
    const [before, after] = [at(outline, place + outline.length - 1), at(outline, place + 1)];
    const forward =
      (corner[0] - before[0]) * (after[0] - corner[0]) + (corner[1] - before[1]) * (after[1] - corner[1]);
    const isNear = touches(after, before, corner) || touches(before, corner, after);
    return forward < 0 && isNear;
  });
}

/** A place where two segments meet, or come nearer to one another than the clearance; null where they do not. */
function touching(a: PlanePoint, b: PlanePoint, c: PlanePoint, d: PlanePoint): PlanePoint | null {
  for (const axis of [0, 1] as const) {
    if (Math.max(a[axis], b[axis]) + CLEARANCE_MM < Math.min(c[axis], d[axis])) return null;
    if (Math.max(c[axis], d[axis]) + CLEARANCE_MM < Math.min(a[axis], b[axis])) return null;
  }
  const met = meeting(a, b, c, d)?.point;
  if (met) return met;
  // Two segments that do not meet are nearest at one of their ends.
  for (const end of [a, b]) if (touches(end, c, d)) return end;
  for (const end of [c, d]) if (touches(end, a, b)) return end;
  return null;
}

const touches = (point: PlanePoint, start: PlanePoint, end: PlanePoint): boolean =>
  distance(point, between(start, end, shareAlong(point, start, end))) <= CLEARANCE_MM;

/** Where two segments meet, their ends included, and how far along each; null when they do not or run side by side. */
function meeting(
  a: PlanePoint,
  b: PlanePoint,
  c: PlanePoint,
  d: PlanePoint,
): { along: number; across: number; point: PlanePoint } | null {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const [vx, vy] = [d[0] - c[0], d[1] - c[1]];
  const turn = ux * vy - uy * vx;
  if (turn === 0) return null;
  const [wx, wy] = [c[0] - a[0], c[1] - a[1]];
  const along = (wx * vy - wy * vx) / turn;
  const across = (wx * uy - wy * ux) / turn;
  if (along < 0 || along > 1 || across < 0 || across > 1) return null;
  return { along, across, point: between(a, b, along) };
}

function thinned(line: readonly PlanePoint[], toleranceMm: number): readonly PlanePoint[] {
  if (line.length <= 2) return line;
  const start = line[0] as PlanePoint;
  const end = line.at(-1) as PlanePoint;
  let far = 0;
  let worst = -1;
  line.forEach((point, place) => {
    const away = distance(point, between(start, end, shareAlong(point, start, end)));
    if (place > 0 && place < line.length - 1 && away > worst) [far, worst] = [place, away];
  });
  if (worst <= toleranceMm) return [start, end];
  return [
    ...thinned(line.slice(0, far + 1), toleranceMm).slice(0, -1),
    ...thinned(line.slice(far), toleranceMm),
  ];
}

/** The line with corners that lie at one place as one corner. */
function withoutRepeats(line: readonly PlanePoint[], withinMm: number, isClosed = true): PlanePoint[] {
  const kept: PlanePoint[] = [];
  const isAt = (point: PlanePoint, place: PlanePoint | undefined) =>
    place !== undefined && distance(point, place) <= withinMm;
  for (const point of line) if (!isAt(point, kept.at(-1))) kept.push(point);
  while (isClosed && kept.length > 1 && isAt(kept[0] as PlanePoint, kept.at(-1))) kept.pop();
  return kept;
}

/** How far along a segment the foot of a point lies, from 0 to 1. */
function shareAlong(point: PlanePoint, start: PlanePoint, end: PlanePoint): number {
  const [ux, uy] = [end[0] - start[0], end[1] - start[1]];
  const length = ux * ux + uy * uy;
  if (length === 0) return 0;
  const share = ((point[0] - start[0]) * ux + (point[1] - start[1]) * uy) / length;
  return Math.min(1, Math.max(0, share));
}

const between = (a: PlanePoint, b: PlanePoint, share: number): PlanePoint => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
];
const distance = (a: PlanePoint, b: PlanePoint): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
const at = (outline: Outline, place: number): PlanePoint => outline[place % outline.length] as PlanePoint;
const lengthOf = (line: readonly PlanePoint[]): number =>
  line.reduce(
    (sum, point, place) => sum + (place > 0 ? distance(line[place - 1] as PlanePoint, point) : 0),
    0,
  );
