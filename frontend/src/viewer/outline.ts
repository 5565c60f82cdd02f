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

/** Whether edges that are not neighbors meet, or come so near that they may meet once the points are kept. */
export function crossesItself(outline: Outline): boolean {
  return firstSelfCrossing(outline) !== null;
}

export function crossOneAnother(one: Outline, other: Outline): boolean {
  return one.some((corner, place) =>
    other.some(
      (start, edge) => meeting(corner, at(one, place + 1), start, at(other, edge + 1), CLEARANCE_MM) !== null,
    ),
  );
}

/** The outline without the loops that a hand makes where it crosses its own line: of two parts the larger stays. */
export function withoutLoops(outline: Outline): Outline {
  let left = withoutRepeats(outline);
  for (let found = firstSelfCrossing(left); found !== null; found = firstSelfCrossing(left)) {
    const { first, second, point } = found;
    const inner = [point, ...left.slice(first + 1, second + 1)];
    const outer = [...left.slice(0, first + 1), point, ...left.slice(second + 1)];
    const larger = withoutRepeats(areaMm2(inner) > areaMm2(outer) ? inner : outer);
    if (larger.length >= left.length) return larger;
    left = larger;
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
  const line = withoutRepeats(stroke, false);
  if (line.length < 2 || lengthOf(line) < options.reachMm) return { kind: "nothing" };
  const place = outlines.findIndex((outline) => anchorsOf(line, outline, options.reachMm).length >= 2);
  const target = outlines[place];
  const drawn = target ? redrawn(target, line, options.reachMm) : line;
  const outline = simplified(withoutLoops(drawn), options.toleranceMm);
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
      const met = meeting(
        at(outline, first),
        at(outline, first + 1),
        at(outline, second),
        at(outline, second + 1),
        CLEARANCE_MM,
      );
      if (met) return { first, second, point: met.point };
    }
  }
  return null;
}

/** Where two segments meet, their ends and the clearance beyond them included, and how far along each; null when they do not or run side by side. */
function meeting(
  a: PlanePoint,
  b: PlanePoint,
  c: PlanePoint,
  d: PlanePoint,
  clearanceMm = 0,
): { along: number; across: number; point: PlanePoint } | null {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const [vx, vy] = [d[0] - c[0], d[1] - c[1]];
  const turn = ux * vy - uy * vx;
  if (turn === 0) return null;
  const [wx, wy] = [c[0] - a[0], c[1] - a[1]];
  const along = (wx * vy - wy * vx) / turn;
  const across = (wx * uy - wy * ux) / turn;
  const slackAlong = clearanceMm / Math.hypot(ux, uy);
  const slackAcross = clearanceMm / Math.hypot(vx, vy);
  if (along < -slackAlong || along > 1 + slackAlong) return null;
  if (across < -slackAcross || across > 1 + slackAcross) return null;
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

function withoutRepeats(line: readonly PlanePoint[], isClosed = true): readonly PlanePoint[] {
  return line.filter((point, place) => {
    const before = place > 0 ? line[place - 1] : isClosed ? line.at(-1) : undefined;
    return before === undefined || before === point || distance(before, point) > 1e-9;
  });
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
