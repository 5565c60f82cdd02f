import { type SliceGeometry, toPlane } from "./geometry";
import { awayFrom, bodyPlane, intersection } from "./planes";
import type { CrosshairPlace, PaneState, Placement } from "./types";
import styles from "./viewer.module.css";

const ARM = 14;
const GAP = 4;

interface PaneLinesProps {
  state: PaneState;
  /** The slice of the active pane; null on that pane itself. */
  activeSlice: SliceGeometry | null;
  crosshair: CrosshairPlace | null;
}

/** Where the active pane's slice cuts this one, and the place of the crosshair. */
export function PaneLines({ state, activeSlice, crosshair }: PaneLinesProps) {
  const { geometry, placement, stepMm } = state;
  if (!geometry || !placement || state.slice === 0) return null;
  const line = activeSlice && intersection(activeSlice, geometry);
  const isHere =
    crosshair?.frameOfReferenceUid === geometry.frameOfReferenceUid &&
    awayFrom(crosshair.point, geometry) <= (stepMm ?? Number.POSITIVE_INFINITY) / 2 + 1e-3;
  if (!line && !isHere) return null;
  return (
    <svg className={styles.lines} aria-hidden>
      {line && activeSlice && (
        <Line
          from={onPane(line.from, placement)}
          to={onPane(line.to, placement)}
          data-reference-line={bodyPlane(activeSlice)}
        />
      )}
      {isHere && <Cross at={onPane(toPlane(crosshair.point, geometry), placement)} />}
    </svg>
  );
}

type Place = readonly [number, number];

function Line({ from, to, ...data }: { from: Place; to: Place } & Record<`data-${string}`, string>) {
  return <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} {...data} />;
}

function Cross({ at: [x, y] }: { at: Place }) {
  const arms: readonly (readonly [Place, Place])[] = [-1, 1].flatMap((side) => [
    [
      [x + side * GAP, y],
      [x + side * ARM, y],
    ],
    [
      [x, y + side * GAP],
      [x, y + side * ARM],
    ],
  ]);
  return (
    <g data-crosshair={`${x.toFixed(1)},${y.toFixed(1)}`}>
      {arms.map(([from, to]) => (
        <Line key={`${from} ${to}`} from={from} to={to} />
      ))}
    </g>
  );
}

function onPane([along, down]: Place, placement: Placement): Place {
  return [
    placement.origin[0] + along * placement.along[0] + down * placement.down[0],
    placement.origin[1] + along * placement.along[1] + down * placement.down[1],
  ];
}
