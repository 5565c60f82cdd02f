import { Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsMaximize,
  IconArrowsMove,
  IconContrast,
  IconContrastFilled,
  IconKeyboard,
  IconLasso,
  IconMapPin,
  IconPlayerPause,
  IconRefresh,
  IconRulerMeasure,
  IconZoomIn,
} from "@tabler/icons-react";
import { type ComponentType, memo, useRef } from "react";
import { useFit } from "../shared/components/use-fit";
import type { BarState } from "./bar-state";
import type { ViewerAction } from "./keymap";
import { useKeyHint } from "./keys-context";
import { PaneButtons } from "./PaneButtons";
import { ToolMenu } from "./ToolMenu";
import { isDrawingTool } from "./tool-names";
import type { DrawingTarget, ViewerSeries, ViewerTool } from "./types";
import styles from "./viewer.module.css";
import { presetsOf } from "./window";

type Icon = ComponentType<{ size: number; stroke?: number; "aria-hidden": true }>;

const LEFT_TOOLS: ReadonlyArray<{ tool: ViewerTool; label: string; icon: Icon }> = [
  { tool: "window", label: "Window", icon: IconContrast },
  { tool: "bidirectional", label: "Measure", icon: IconRulerMeasure },
  { tool: "mark", label: "Mark", icon: IconMapPin },
  { tool: "outline", label: "Outline", icon: IconLasso },
  { tool: "zoom", label: "Zoom", icon: IconZoomIn },
  { tool: "pan", label: "Pan", icon: IconArrowsMove },
];

/** Of the tools only pictures; other buttons in the menu; at last a second row. */
const FITS = ["full", "compact", "folded", "wrapped"] as const;

const FOLDED: ReadonlyArray<{ label: string; id: string; icon: Icon; action: ViewerAction }> = [
  { label: "Fit to window", id: "fit", icon: IconArrowsMaximize, action: { kind: "fit" } },
  { label: "Invert", id: "invert", icon: IconContrastFilled, action: { kind: "invert" } },
  { label: "Reset view", id: "reset", icon: IconRefresh, action: { kind: "reset" } },
];

interface ToolbarProps {
  state: BarState;
  targets: readonly DrawingTarget[];
  isLocked: boolean;
  allowedTools: readonly string[] | null;
  onAction: (action: ViewerAction) => void;
  /** The one in the active pane, whose window presets are offered. */
  series: ViewerSeries | undefined;
  onCineSpeed: (framesPerSecond: number) => void;
}

/** Drawn anew with what it shows only: there are many tooltips in it, and a case has many slices. */
export const ViewerToolbar = memo(function ViewerToolbar(props: ToolbarProps) {
  const { state, targets, isLocked, allowedTools, onAction, series, onCineSpeed } = props;
  const role = series?.role;
  // Marks and outlines answer questions: without one there is nothing to draw.
  const tools = LEFT_TOOLS.filter(
    ({ tool }) => (tool !== "mark" && tool !== "outline") || targets.some((target) => target.tool === tool),
  );
  const hint = useKeyHint();
  const button = (label: string, id: string, icon: Icon, action: ViewerAction, isDisabled = false) => (
    <ToolButton
      label={label}
      hint={hint(label, id)}
      icon={icon}
      isDisabled={isDisabled}
      onClick={() => onAction(action)}
    />
  );
  const bar = useRef<HTMLDivElement>(null);
  const { rows, columns } = state.layout;
  const fit = useFit(bar, FITS, JSON.stringify([tools.map(({ tool }) => tool), rows, columns, role]));
  const isFolded = fit === "folded" || fit === "wrapped";
  return (
    <div ref={bar} className={styles.toolbar} role="toolbar" aria-label="Viewer tools">
      {tools.map(({ tool, label, icon: Icon }) => (
        <Tooltip key={tool} label={hint(`${label}: left button`, `tool.${tool}`)}>
          <button
            type="button"
            className={styles.tool}
            aria-pressed={state.tool === tool}
            disabled={(isLocked || !state.canMeasure) && isDrawingTool(tool)}
            onClick={() => onAction({ kind: "tool", tool })}
          >
            <Icon size={18} stroke={1.6} aria-hidden />
            <span>{label}</span>
          </button>
        </Tooltip>
      ))}
      <ToolMenu
        state={state}
        allowedTools={allowedTools}
        isLocked={isLocked}
        onAction={onAction}
        onCineSpeed={onCineSpeed}
        folded={isFolded ? [...FOLDED, ...presetItems(role)] : []}
      />
      {state.isPlaying && (
        <Tooltip label={hint("Pause", "cine")}>
          <button
            type="button"
            className={styles.tool}
            aria-label="Pause the slices"
            data-cine
            onClick={() => onAction({ kind: "cine" })}
          >
            <IconPlayerPause size={18} stroke={1.6} aria-hidden />
          </button>
        </Tooltip>
      )}
      <span className={styles.divider} />
      {button("Undo", "undo", IconArrowBackUp, { kind: "undo" }, !state.canUndo || isLocked)}
      {button("Redo", "redo", IconArrowForwardUp, { kind: "redo" }, !state.canRedo || isLocked)}
      <span className={styles.divider} data-foldable />
      {FOLDED.map(({ label, id, icon, action }) => (
        <span key={id} data-foldable>
          {button(label, id, icon, action)}
        </span>
      ))}
      <span className={styles.divider} data-foldable />
      <fieldset className={styles.presets} aria-label="Window presets" data-foldable>
        {presetsOf(role).map((preset, index) => (
          <Tooltip key={preset.key} label={hint(`Window ${preset.label}`, `preset.${preset.key}`)}>
            <button
              type="button"
              className={styles.preset}
              aria-label={`Window preset ${preset.key}: ${preset.label}`}
              onClick={() => onAction({ kind: "preset", index })}
            >
              {preset.key}
            </button>
          </Tooltip>
        ))}
      </fieldset>
      <span className={styles.divider} />
      <PaneButtons state={state} series={series} onAction={onAction} />
      <span className={styles.spacer}>
        {state.hasNoWebGl && "No WebGL in this browser: images are drawn by the processor."}
      </span>
      {button("Keys", "help", IconKeyboard, { kind: "help" })}
    </div>
  );
});

const presetItems = (role: string | undefined) =>
  presetsOf(role).map(({ key, label }, index) => ({
    label: `Window ${label}`,
    id: `preset.${key}`,
    icon: IconContrast,
    action: { kind: "preset", index } as const,
  }));

interface ToolButtonProps {
  label: string;
  /** The label, with its key. */
  hint: string;
  icon: Icon;
  isDisabled: boolean;
  onClick: () => void;
}

function ToolButton({ label, hint, icon: Icon, isDisabled, onClick }: ToolButtonProps) {
  return (
    <Tooltip label={hint}>
      <button
        type="button"
        className={styles.tool}
        aria-label={label}
        disabled={isDisabled}
        onClick={onClick}
      >
        <Icon size={18} stroke={1.6} aria-hidden />
      </button>
    </Tooltip>
  );
}
