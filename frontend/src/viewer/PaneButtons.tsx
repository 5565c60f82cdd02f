import { Tooltip } from "@mantine/core";
import { IconCrosshair, IconLink } from "@tabler/icons-react";
import type { BarState } from "./bar-state";
import type { ViewerAction } from "./keymap";
import { useKeyHint } from "./keys-context";
import { LayoutMenu } from "./LayoutMenu";
import { paneCount } from "./layout";
import type { ViewerSeries } from "./types";
import styles from "./viewer.module.css";

interface PaneButtonsProps {
  state: BarState;
  /** The series of the active pane. */
  series: ViewerSeries | undefined;
  onAction: (action: ViewerAction) => void;
}

/** The layout, and how the panes of one of several go together. */
export function PaneButtons({ state, series, onAction }: PaneButtonsProps) {
  const withKey = useKeyHint();
  return (
    <>
      <LayoutMenu state={state} series={series} onAction={onAction} />
      {paneCount(state.layout) > 1 &&
        SWITCHES.map(({ kind, id, label, hint, icon: Icon, isOn }) => (
          <Tooltip key={kind} label={withKey(hint, id)}>
            <button
              type="button"
              className={styles.tool}
              aria-label={label}
              aria-pressed={isOn(state)}
              onClick={() => onAction({ kind })}
            >
              <Icon size={18} stroke={1.6} aria-hidden />
            </button>
          </Tooltip>
        ))}
    </>
  );
}

const SWITCHES = [
  {
    kind: "link",
    label: "Link panes",
    id: "pane.link",
    hint: "Panes go together by position",
    icon: IconLink,
    isOn: (state: BarState) => state.isLinked,
  },
  {
    kind: "crosshair",
    label: "Crosshair",
    id: "pane.crosshair",
    hint: "A click shows its place in every pane",
    icon: IconCrosshair,
    isOn: (state: BarState) => state.isCrosshair,
  },
] as const;
