import { Tooltip } from "@mantine/core";
import {
  IconBorderOuter,
  IconBrush,
  IconBucketDroplet,
  IconCheck,
  IconColorPicker,
  IconEraser,
  IconPaint,
  IconRipple,
  IconStack2,
  IconWand,
} from "@tabler/icons-react";
import { type ComponentType, memo } from "react";
import type { BarState } from "./bar-state";
import type { ViewerAction } from "./keymap";
import { useKeyHint } from "./keys-context";
import styles from "./paint.module.css";
import { LARGEST_BRUSH_MM, LEAST_BRUSH_MM, type PaintDesk } from "./paint-desk";
import type { SegmentEdit } from "./segment-steps";
import { MOST_STRENGTH } from "./segmentation/grow";
import { isPaintTool } from "./tool-names";
import type { PaintState, PaintTool } from "./types";
import viewerStyles from "./viewer.module.css";

type Icon = ComponentType<{ size: number; stroke?: number; "aria-hidden": true }>;

const TOOLS: ReadonlyArray<{ tool: PaintTool; label: string; does: string; icon: Icon }> = [
  {
    tool: "grow",
    label: "Grow",
    does: "Click on a node: its region is grown; drag for more or less",
    icon: IconWand,
  },
  { tool: "brush", label: "Brush", does: "Paint; with Shift, erase", icon: IconBrush },
  { tool: "threshold", label: "Threshold", does: "Paint only values of a range", icon: IconPaint },
  { tool: "eraser", label: "Eraser", does: "Take away what is painted", icon: IconEraser },
];

const EDITS: ReadonlyArray<{ how: SegmentEdit; label: string; icon: Icon }> = [
  { how: "interpolate", label: "Interpolate between slices", icon: IconStack2 },
  { how: "fill", label: "Fill holes", icon: IconBucketDroplet },
  { how: "smooth", label: "Smooth", icon: IconRipple },
];

interface PaintBarProps {
  state: BarState;
  paint: PaintState;
  desk: PaintDesk | null;
  isLocked: boolean;
  onAction: (action: ViewerAction) => void;
  onPaint: (change: Partial<PaintState>) => void;
  /** Enter: what was grown stays as it is. */
  onKeep: () => void;
  /** The keys go back to the image. */
  onLeave: () => void;
}

/** The tools that paint voxels, where the form asks for them. */
export const PaintBar = memo(function PaintBar(props: PaintBarProps) {
  const { state, paint, desk, isLocked, onAction, onPaint, onKeep, onLeave } = props;
  const hint = useKeyHint();
  const { tool } = state;
  const isOff = isLocked || !state.canMeasure || desk === null;
  return (
    <div
      className={styles.bar}
      role="toolbar"
      aria-label="Painting tools"
      data-paint-bar
      data-tight={tool === "threshold" || undefined}
    >
      {TOOLS.map(({ tool: one, label, does, icon: Icon }) => {
        const problem = one === "grow" ? paint.growProblem : null;
        return (
          <Tooltip key={one} label={problem ?? hint(does, `tool.${one}`)}>
            <button
              type="button"
              className={viewerStyles.tool}
              aria-pressed={tool === one}
              aria-disabled={problem !== null || undefined}
              disabled={isOff}
              onClick={() => {
                if (problem === null) onAction({ kind: "tool", tool: one });
              }}
            >
              <Icon size={18} stroke={1.6} aria-hidden />
              <span>{label}</span>
            </button>
          </Tooltip>
        );
      })}
      <span className={viewerStyles.divider} />
      <span className={styles.options}>
        {tool === "grow" && desk && (
          <GrowOptions paint={paint} desk={desk} onKeep={onKeep} onLeave={onLeave} />
        )}
        {isPaintTool(tool) && tool !== "grow" && desk && (
          <BrushOptions paint={paint} desk={desk} hasRange={tool === "threshold"} onLeave={onLeave} />
        )}
        {!isPaintTool(tool) && (
          <span className={styles.dim}>{problemOf(state) ?? "Choose a tool to paint with."}</span>
        )}
      </span>
      <span className={viewerStyles.divider} />
      {EDITS.map(({ how, label, icon: Icon }) => (
        <Tooltip key={how} label={paint.active === null ? `${label}: choose a segment first` : label}>
          <button
            type="button"
            className={viewerStyles.tool}
            aria-label={label}
            disabled={isOff || paint.active === null}
            onClick={() => {
              desk?.edit(how);
              onLeave();
            }}
          >
            <Icon size={18} stroke={1.6} aria-hidden />
          </button>
        </Tooltip>
      ))}
      <span className={viewerStyles.divider} />
      <Slider
        label="Opacity"
        value={Math.round(paint.opacity * 100)}
        min={0}
        max={100}
        step={5}
        words={`${Math.round(paint.opacity * 100)} %`}
        onChange={(percent) => onPaint({ opacity: percent / 100 })}
        onLeave={onLeave}
      />
      <Tooltip label="Outlines of what is painted">
        <button
          type="button"
          className={viewerStyles.tool}
          aria-label="Outlines"
          aria-pressed={paint.hasOutline}
          onClick={() => onPaint({ hasOutline: !paint.hasOutline })}
        >
          <IconBorderOuter size={18} stroke={1.6} aria-hidden />
        </button>
      </Tooltip>
    </div>
  );
});

const problemOf = ({ status, canMeasure }: BarState): string | null =>
  status === "ready" && !canMeasure
    ? "This series does not say how far apart its pixels are, so nothing can be painted on it."
    : null;

interface OptionsProps {
  paint: PaintState;
  desk: PaintDesk;
  onLeave: () => void;
}

function GrowOptions({ paint, desk, onKeep, onLeave }: OptionsProps & { onKeep: () => void }) {
  const hint = useKeyHint();
  const { strength } = paint;
  if (strength === null) return <span className={styles.dim}>Click in the middle of a node.</span>;
  const words = strength === 0 ? "as found" : strength > 0 ? `${strength} more` : `${-strength} less`;
  return (
    <>
      <Tooltip label={`${hint("Less", "grow.less")}, ${hint("more", "grow.more")}`}>
        <span>
          <Slider
            label="Less"
            end="More"
            name="Less or more"
            value={strength}
            min={-MOST_STRENGTH}
            max={MOST_STRENGTH}
            step={1}
            words={words}
            text={strength > 0 ? `+${strength}` : String(strength).replace("-", "−")}
            onChange={(value) => desk.setStrength(value)}
            onLeave={onLeave}
          />
        </span>
      </Tooltip>
      <Tooltip label="Keep it and name it (Enter)">
        <button type="button" className={viewerStyles.tool} onClick={onKeep}>
          <IconCheck size={18} stroke={1.6} aria-hidden />
          <span>Keep</span>
        </button>
      </Tooltip>
    </>
  );
}

function BrushOptions({ paint, desk, hasRange, onLeave }: OptionsProps & { hasRange: boolean }) {
  const hint = useKeyHint();
  return (
    <>
      <Tooltip label={`${hint("Smaller", "brush.smaller")}, ${hint("larger", "brush.larger")}`}>
        <span>
          <Slider
            label="Size"
            value={paint.brushMm}
            min={LEAST_BRUSH_MM}
            max={LARGEST_BRUSH_MM}
            step={0.5}
            words={`${paint.brushMm} mm`}
            text={`${paint.brushMm} mm`}
            onChange={(mm) => desk.setBrush(mm)}
            onLeave={onLeave}
          />
        </span>
      </Tooltip>
      {hasRange && paint.range === null && (
        <span className={styles.dim}>The first click sets the range.</span>
      )}
      {hasRange && paint.range !== null && (
        <>
          <RangeEnd label="From" value={paint.range.low} desk={desk} range={paint.range} end="low" />
          <RangeEnd label="to" value={paint.range.high} desk={desk} range={paint.range} end="high" />
          <Tooltip label="Take the range from the next click">
            <button
              type="button"
              className={viewerStyles.tool}
              aria-label="Take the range from the next click"
              onClick={() => {
                desk.setRange(null);
                onLeave();
              }}
            >
              <IconColorPicker size={18} stroke={1.6} aria-hidden />
            </button>
          </Tooltip>
        </>
      )}
    </>
  );
}

interface RangeEndProps {
  label: string;
  value: number;
  desk: PaintDesk;
  range: NonNullable<PaintState["range"]>;
  end: "low" | "high";
}

function RangeEnd({ label, value, desk, range, end }: RangeEndProps) {
  return (
    <label className={styles.option}>
      <span>{label}</span>
      <input
        type="number"
        className={styles.number}
        aria-label={end === "low" ? "Least value painted" : "Largest value painted"}
        value={value}
        onChange={(event) => {
          const typed = event.currentTarget.valueAsNumber;
          if (Number.isFinite(typed)) desk.setRange({ ...range, [end]: typed });
        }}
      />
    </label>
  );
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** What the label leaves out. */
  name?: string;
  /** At the other end. */
  end?: string;
  /** The value as it is read out. */
  words: string;
  /** The value as it is shown; nothing, when not given. */
  text?: string;
  onChange: (value: number) => void;
  onLeave: () => void;
}

function Slider(props: SliderProps) {
  const { label, name, end, value, min, max, step, words, text, onChange, onLeave } = props;
  return (
    <label className={styles.option}>
      <span>{label}</span>
      <input
        type="range"
        className={styles.slider}
        aria-label={name ?? label}
        aria-valuetext={words}
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
        // Who dragged it with the mouse goes on with the keys of the image.
        onPointerUp={onLeave}
      />
      {end !== undefined && <span>{end}</span>}
      {text !== undefined && <output className={styles.value}>{text}</output>}
    </label>
  );
}
