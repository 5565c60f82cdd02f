import { Kbd, Menu } from "@mantine/core";
import {
  IconAngle,
  IconArrowUpRight,
  IconChevronDown,
  IconCircleDashed,
  IconColorPicker,
  IconFlipHorizontal,
  IconFlipVertical,
  IconLetterT,
  IconPlayerPlay,
  IconRotate,
  IconRotateClockwise,
  IconRuler2,
  IconScribble,
  IconZoomScan,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { CINE_SPEEDS } from "./cine";
import type { ViewerAction } from "./keymap";
import { isAllowed, isDrawingTool } from "./tool-names";
import type { ViewerState, ViewerTool } from "./types";
import styles from "./viewer.module.css";

type Icon = ComponentType<{ size: number; stroke?: number; "aria-hidden": true }>;

const TOOLS: ReadonlyArray<{ tool: ViewerTool; label: string; key: string; icon: Icon }> = [
  { tool: "length", label: "Length", key: "D", icon: IconRuler2 },
  { tool: "angle", label: "Angle", key: "A", icon: IconAngle },
  { tool: "ellipse", label: "Ellipse with statistics", key: "E", icon: IconCircleDashed },
  { tool: "freehand", label: "Free region with statistics", key: "J", icon: IconScribble },
  { tool: "arrow", label: "Arrow with a label", key: "U", icon: IconArrowUpRight },
  { tool: "text", label: "Note", key: "T", icon: IconLetterT },
  { tool: "probe", label: "Probe", key: "S", icon: IconColorPicker },
  { tool: "magnify", label: "Magnifier", key: "Q", icon: IconZoomScan },
];

const VIEWS: ReadonlyArray<{ action: ViewerAction; label: string; key: string; icon: Icon }> = [
  {
    action: { kind: "flip", way: "horizontal" },
    label: "Flip horizontally",
    key: "H",
    icon: IconFlipHorizontal,
  },
  { action: { kind: "flip", way: "vertical" }, label: "Flip vertically", key: "V", icon: IconFlipVertical },
  { action: { kind: "rotate", by: 90 }, label: "Rotate right", key: "R", icon: IconRotateClockwise },
  { action: { kind: "rotate", by: -90 }, label: "Rotate left", key: "L", icon: IconRotate },
];

interface ToolMenuProps {
  state: ViewerState;
  allowedTools: readonly string[] | null;
  isLocked: boolean;
  onAction: (action: ViewerAction) => void;
  onCineSpeed: (framesPerSecond: number) => void;
}

/** Tools beside those of the form, and ways to turn and play the images. */
export function ToolMenu({ state, allowedTools, isLocked, onAction, onCineSpeed }: ToolMenuProps) {
  const tools = TOOLS.filter(({ tool }) => isAllowed(tool, allowedTools));
  const active = tools.find(({ tool }) => tool === state.tool);
  return (
    <Menu position="bottom-start" shadow="md" width={260} returnFocus={false}>
      <Menu.Target>
        <button
          type="button"
          className={styles.tool}
          aria-label={active ? `More tools, ${active.label}` : "More tools"}
          data-pressed={active !== undefined || state.isPlaying || undefined}
        >
          {active ? <active.icon size={18} stroke={1.6} aria-hidden /> : <span>More</span>}
          <IconChevronDown size={14} stroke={1.6} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {tools.map(({ tool, label, key, icon: Icon }) => (
          <Menu.Item
            key={tool}
            leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
            rightSection={<Kbd size="xs">{key}</Kbd>}
            disabled={(isLocked || !state.canMeasure) && isDrawingTool(tool)}
            onClick={() => onAction({ kind: "tool", tool })}
          >
            {label}
          </Menu.Item>
        ))}
        {tools.length > 0 && <Menu.Divider />}
        {VIEWS.map(({ action, label, key, icon: Icon }) => (
          <Menu.Item
            key={label}
            leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
            rightSection={<Kbd size="xs">{key}</Kbd>}
            onClick={() => onAction(action)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
          rightSection={<Kbd size="xs">C</Kbd>}
          disabled={state.slices < 2}
          onClick={() => onAction({ kind: "cine" })}
        >
          Play the slices
        </Menu.Item>
        {CINE_SPEEDS.map((speed) => (
          <Menu.Item
            key={speed}
            pl={40}
            role="menuitemradio"
            aria-checked={speed === state.framesPerSecond}
            fw={speed === state.framesPerSecond ? 600 : undefined}
            closeMenuOnClick={false}
            onClick={() => onCineSpeed(speed)}
          >
            {speed} a second
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
