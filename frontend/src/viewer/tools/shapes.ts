import type { AnnotationKind } from "../types";

export type Place = readonly [number, number];

/**
 * How an annotation is drawn with the mouse, in pixels of the pane.
 *
 * A drawing has one or more steps; each ends when the mouse is let go, or clicked again where it had not moved.
 */
export interface Shape {
  /** Number of steps; 0 stands where it is clicked. */
  steps: number;
  /** Whether a step can only be made with the button held. */
  isStroke?: boolean;
  begin(at: Place): Place[];
  /** The points after the mouse moved to a place during a step. */
  drag(points: readonly Place[], at: Place, step: number): Place[];
  /** The points after one of them was pulled to a place. */
  pull(points: readonly Place[], handle: number, at: Place): Place[];
  /** Points that can be pulled. */
  hasHandles: boolean;
  /** The lines on the screen. */
  lines(points: readonly Place[]): { points: Place[]; isClosed: boolean }[];
}

const pulled = (points: readonly Place[], handle: number, at: Place): Place[] =>
  points.map((point, place) => (place === handle ? at : point));

const LENGTH: Shape = {
  steps: 1,
  begin: (at) => [at, at],
  drag: ([a], at) => [a as Place, at],
  pull: pulled,
  hasHandles: true,
  lines: (points) => [{ points: [...points], isClosed: false }],
};

const ANGLE: Shape = {
  steps: 2,
  begin: (at) => [at, at, at],
  drag: ([a, vertex], at, step) => (step === 0 ? [a as Place, at, at] : [a as Place, vertex as Place, at]),
  pull: pulled,
  hasHandles: true,
  lines: (points) => [{ points: [...points], isClosed: false }],
};

/** Around the place where the mouse was pressed; its ends are left, right, top and bottom. */
const ELLIPSE: Shape = {
  steps: 1,
  begin: (at) => [at, at, at, at],
  drag: (points, [x, y]) => {
    const [centerX, centerY] = centerOf(points);
    const [a, b] = [Math.abs(x - centerX), Math.abs(y - centerY)];
    return [
      [centerX - a, centerY],
      [centerX + a, centerY],
      [centerX, centerY - b],
      [centerX, centerY + b],
    ];
  },
  pull: (points, handle, at) => {
    const [centerX, centerY] = centerOf(points);
    const [x, y] = points[handle] as Place;
    const axis = Math.hypot(x - centerX, y - centerY);
    if (axis === 0) return [...points];
    const [ux, uy] = [(x - centerX) / axis, (y - centerY) / axis];
    const half = Math.max(1, ux * (at[0] - centerX) + uy * (at[1] - centerY));
    const end: Place = [centerX + ux * half, centerY + uy * half];
    const other: Place = [centerX - ux * half, centerY - uy * half];
    return points.map((point, place) => {
      if (place === handle) return end;
      return place === (handle ^ 1) ? other : point;
    });
  },
  hasHandles: true,
  lines: (points) => [{ points: ellipseLine(points), isClosed: true }],
};

const FREEHAND: Shape = {
  steps: 1,
  isStroke: true,
  begin: (at) => [at],
  drag: (points, at) => [...points, at],
  pull: (points) => [...points],
  hasHandles: false,
  lines: (points) => [{ points: [...points], isClosed: true }],
};

const ARROW: Shape = {
  ...LENGTH,
  lines: (points) => [{ points: [...points], isClosed: false }, ...arrowHead(points)],
};

const TEXT: Shape = {
  steps: 0,
  begin: (at) => [at],
  drag: (_, at) => [at],
  pull: pulled,
  hasHandles: true,
  lines: () => [],
};

export const SHAPES: Readonly<Record<AnnotationKind, Shape>> = {
  length: LENGTH,
  angle: ANGLE,
  ellipse: ELLIPSE,
  freehand: FREEHAND,
  arrow: ARROW,
  text: TEXT,
};

/** Distance of a place to the lines of an annotation. */
export function distanceToLines(
  at: Place,
  lines: readonly { points: readonly Place[]; isClosed: boolean }[],
): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const { points, isClosed } of lines) {
    const edges = isClosed ? points.length : points.length - 1;
    for (let edge = 0; edge < edges; edge++) {
      const end = points[(edge + 1) % points.length] as Place;
      nearest = Math.min(nearest, distanceToEdge(at, points[edge] as Place, end));
    }
  }
  return nearest;
}

function distanceToEdge([x, y]: Place, [ax, ay]: Place, [bx, by]: Place): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

function centerOf(points: readonly Place[]): Place {
  const sum = points.reduce<Place>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

const ELLIPSE_CORNERS = 96;

/** The line of an ellipse through the ends of its axes. */
function ellipseLine(points: readonly Place[]): Place[] {
  const [a, b, c, d] = points as readonly [Place, Place, Place, Place];
  const [centerX, centerY] = centerOf(points);
  const [ux, uy] = [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2];
  const [vx, vy] = [(d[0] - c[0]) / 2, (d[1] - c[1]) / 2];
  return Array.from({ length: ELLIPSE_CORNERS }, (_, corner): Place => {
    const turn = (2 * Math.PI * corner) / ELLIPSE_CORNERS;
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return [centerX + ux * cos + vx * sin, centerY + uy * cos + vy * sin];
  });
}

const HEAD_PIXELS = 12;
const HEAD_TURN = 0.45;

/** The point of the arrow lies where it was first pressed: at what it points to. */
function arrowHead([tip, tail]: readonly Place[]): { points: Place[]; isClosed: boolean }[] {
  if (!tip || !tail) return [];
  const back = Math.atan2(tail[1] - tip[1], tail[0] - tip[0]);
  const side = (turn: number): Place => [
    tip[0] + HEAD_PIXELS * Math.cos(back + turn),
    tip[1] + HEAD_PIXELS * Math.sin(back + turn),
  ];
  return [{ points: [side(-HEAD_TURN), tip, side(HEAD_TURN)], isClosed: false }];
}
