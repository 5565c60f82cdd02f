import { Menu } from "@mantine/core";
import { IconCheck, IconLayoutGrid } from "@tabler/icons-react";
import type { BarState } from "./bar-state";
import type { ViewerAction } from "./keymap";
import { isSameLayout, LAYOUTS, type Layout, paneCount } from "./layout";
import type { MprPlane, ViewerSeries } from "./types";
import styles from "./viewer.module.css";

const PLANES: ReadonlyArray<{ plane: MprPlane | null; label: string }> = [
  { plane: null, label: "As it was taken" },
  { plane: "axial", label: "Axial plane" },
  { plane: "sagittal", label: "Sagittal plane" },
  { plane: "coronal", label: "Coronal plane" },
];

interface LayoutMenuProps {
  state: BarState;
  /** The series of the active pane. */
  series: ViewerSeries | undefined;
  onAction: (action: ViewerAction) => void;
}

/** How many panes there are, and in which plane the active one shows its series. */
export function LayoutMenu({ state, series, onAction }: LayoutMenuProps) {
  const refusal = planeRefusal(state, series);
  return (
    <Menu position="bottom-start" width={248}>
      <Menu.Target>
        <button type="button" className={styles.tool} aria-label={`Layout, ${label(state.layout)}`}>
          <IconLayoutGrid size={18} stroke={1.6} aria-hidden />
          <span>{label(state.layout)}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown data-layout-menu>
        <Menu.Label>Panes</Menu.Label>
        <div className={styles.layouts}>
          {LAYOUTS.map((layout) => (
            <Menu.Item
              key={label(layout)}
              className={styles.layout}
              aria-label={`${layout.rows} by ${layout.columns}`}
              data-current={isSameLayout(layout, state.layout) || undefined}
              onClick={() => onAction({ kind: "layout", layout })}
            >
              <LayoutPicture layout={layout} />
            </Menu.Item>
          ))}
        </div>
        {paneCount(state.layout) > 1 && (
          <Menu.Item
            leftSection={<Check isOn={state.hasLines} />}
            onClick={() => onAction({ kind: "lines" })}
          >
            {state.hasLines ? "Hide" : "Show"} lines of the active slice
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label>This pane</Menu.Label>
        {PLANES.map((one) => (
          <Menu.Item
            key={one.label}
            leftSection={
              <IconCheck
                size={16}
                stroke={1.8}
                visibility={one.plane === state.plane ? undefined : "hidden"}
              />
            }
            disabled={one.plane !== null && refusal !== null}
            onClick={() => onAction({ kind: "plane", plane: one.plane })}
          >
            {one.label}
          </Menu.Item>
        ))}
        <Menu.Item
          leftSection={<Check isOn={false} />}
          disabled={refusal !== null}
          onClick={() => onAction({ kind: "planes" })}
        >
          Three planes side by side
        </Menu.Item>
        {refusal !== null && <p className={styles.menuNote}>{refusal}</p>}
      </Menu.Dropdown>
    </Menu>
  );
}

const label = ({ rows, columns }: Layout): string => `${rows} × ${columns}`;

/** Why the series of the active pane cannot be shown in other planes; null when it may be. */
function planeRefusal(state: BarState, series: ViewerSeries | undefined): string | null {
  if (state.status === "empty") return "This pane has no series.";
  if (state.hasNoWebGl) return "Other planes need WebGL, which this browser does not offer here.";
  if (series?.mpr && !series.mpr.allowed)
    return series.mpr.reason ?? "This series is shown as it was taken only.";
  return null;
}

function Check({ isOn }: { isOn: boolean }) {
  return <IconCheck size={16} stroke={1.8} visibility={isOn ? undefined : "hidden"} aria-hidden />;
}

function LayoutPicture({ layout: { rows, columns } }: { layout: Layout }) {
  return (
    <span
      className={styles.layoutPicture}
      style={{ gridTemplateColumns: `repeat(${columns}, 1fr)`, gridTemplateRows: `repeat(${rows}, 1fr)` }}
      aria-hidden
    >
      {Array.from({ length: rows * columns }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
        <span key={place} />
      ))}
    </span>
  );
}
