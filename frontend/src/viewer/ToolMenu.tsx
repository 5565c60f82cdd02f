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
import type { BarState } from "./bar-state";
import { CINE_SPEEDS } from "./cine";
import type { ViewerAction } from "./keymap";
import { useKeyText } from "./keys-context";
import { isAllowed, isDrawingTool } from "./tool-names";
import type { ViewerTool } from "./types";
import styles from "./viewer.module.css";

type Icon = ComponentType<{ size: number; stroke?: number; "aria-hidden": true }>;

const TOOLS: ReadonlyArray<{ tool: ViewerTool; label: string; icon: Icon }> = [
  { tool: "length", label: "Length", icon: IconRuler2 },
  { tool: "angle", label: "Angle", icon: IconAngle },
  { tool: "ellipse", label: "Ellipse with statistics", icon: IconCircleDashed },
  { tool: "freehand", label: "Free region with statistics", icon: IconScribble },
  { tool: "arrow", label: "Arrow with a label", icon: IconArrowUpRight },
  { tool: "text", label: "Note", icon: IconLetterT },
  { tool: "probe", label: "Probe", icon: IconColorPicker },
  { tool: "magnify", label: "Magnifier", icon: IconZoomScan },
];

interface MenuAction {
  id: string;
  action: ViewerAction;
  label: string;
  icon: Icon;
}

const VIEWS: readonly MenuAction[] = [
  {
    id: "flip.horizontal",
    action: { kind: "flip", way: "horizontal" },
    label: "Flip horizontally",
    icon: IconFlipHorizontal,
  },
  {
    id: "flip.vertical",
    action: { kind: "flip", way: "vertical" },
    label: "Flip vertically",
    icon: IconFlipVertical,
  },
  {
    id: "rotate.right",
    action: { kind: "rotate", by: 90 },
    label: "Rotate right",
    icon: IconRotateClockwise,
  },
  { id: "rotate.left", action: { kind: "rotate", by: -90 }, label: "Rotate left", icon: IconRotate },
];

interface ToolMenuProps {
  state: BarState;
  allowedTools: readonly string[] | null;
  isLocked: boolean;
  onAction: (action: ViewerAction) => void;
  onCineSpeed: (framesPerSecond: number) => void;
  /** What the bar has no room for. */
  folded: readonly MenuAction[];
}

/** Tools beside those of the form, and ways to turn and play the images. */
export function ToolMenu({ state, allowedTools, isLocked, onAction, onCineSpeed, folded }: ToolMenuProps) {
  const tools = TOOLS.filter(({ tool }) => isAllowed(tool, allowedTools));
  const textOf = useKeyText();
  const shortcut = (id: string) => textOf(id) && <Kbd size="xs">{textOf(id)}</Kbd>;
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
      <Menu.Dropdown className={styles.tallMenu}>
        {tools.map(({ tool, label, icon: Icon }) => (
          <Menu.Item
            key={tool}
            leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
            rightSection={shortcut(`tool.${tool}`)}
            disabled={(isLocked || !state.canMeasure) && isDrawingTool(tool)}
            onClick={() => onAction({ kind: "tool", tool })}
          >
            {label}
          </Menu.Item>
        ))}
        {tools.length > 0 && <Menu.Divider />}
        {[...folded, ...VIEWS].map(({ id, action, label, icon: Icon }) => (
          <Menu.Item
            key={label}
            leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
            rightSection={shortcut(id)}
            onClick={() => onAction(action)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
          rightSection={shortcut("cine")}
          disabled={state.slices < 2}
          onClick={() => onAction({ kind: "cine" })}
        >
          Play the slices
        </Menu.Item>
        {CINE_SPEEDS.map((speed) => (
          <Menu.RadioItem
            key={speed}
            value={String(speed)}
            checked={speed === state.framesPerSecond}
            onChange={() => onCineSpeed(speed)}
            closeMenuOnClick={false}
          >
            {speed} a second
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
