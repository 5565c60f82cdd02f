import { IconAlertTriangle, IconCheck, IconCloudOff, IconEye, IconLoader2 } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { clockTime } from "../model/clock-time";
import type { Obstacle, SaveState } from "../model/draft-saver";
import styles from "../reading-room.module.css";

type Tone = "calm" | "warn" | "danger";
type Icon = ComponentType<{ size: number; stroke: number; "aria-hidden": true }>;

interface Words {
  text: string;
  tone: Tone;
  icon: Icon | null;
}

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  unreachable: "Offline",
  failing: "The server fails",
  disk_full: "The server's disk is full",
  signed_out: "Signed out",
};

const NOT_KEPT = {
  full: "this browser's storage is full",
  refused: "this browser keeps nothing",
} as const;

/** Whether what the reader entered is safe, in words that are always on the screen. */
export function SaveStatus({ state, isPrefilled }: { state: SaveState; isPrefilled: boolean }) {
  const { text, tone, icon: Icon } = wordsFor(state, isPrefilled);
  return (
    <output className={styles.save} data-tone={tone} data-save-state={state.kind} aria-live="polite">
      {Icon && <Icon size={16} stroke={1.8} aria-hidden />}
      <span>{text}</span>
    </output>
  );
}

/** `isPrefilled`: the step began with the answers of the one before. */
function wordsFor(state: SaveState, isPrefilled: boolean): Words {
  switch (state.kind) {
    case "saved":
      if (state.refused) return { text: "Saved, but not all", tone: "warn", icon: IconAlertTriangle };
      return state.at === null
        ? { text: isPrefilled ? "Nothing changed yet" : "Nothing entered yet", tone: "calm", icon: null }
        : { text: "Saved", tone: "calm", icon: IconCheck };
    case "unsaved":
    case "saving":
      return { text: "Saving…", tone: "calm", icon: IconLoader2 };
    case "offline":
      return state.kept === "kept"
        ? {
            text: `${OBSTACLES[state.obstacle]} – kept here since ${clockTime(state.since, Date.now())}`,
            tone: "warn",
            icon: IconCloudOff,
          }
        : {
            text: `${OBSTACLES[state.obstacle]} – ${NOT_KEPT[state.kept]}`,
            tone: "danger",
            icon: IconCloudOff,
          };
    case "kept":
      return state.kept === "kept"
        ? { text: "Kept in this browser", tone: "calm", icon: IconCheck }
        : { text: `Not kept: ${NOT_KEPT[state.kept]}`, tone: "danger", icon: IconAlertTriangle };
    case "watching":
      return { text: "Open in another tab", tone: "warn", icon: IconEye };
    case "elsewhere":
      return { text: "Saved elsewhere since", tone: "warn", icon: IconAlertTriangle };
    case "refused":
      return { text: "Not saved", tone: "danger", icon: IconAlertTriangle };
  }
}
