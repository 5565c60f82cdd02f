import { IconAlertTriangle, IconCheck, IconCloudOff, IconLoader2 } from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { SaveState } from "../model/draft-saver";
import styles from "../reading-room.module.css";

type Tone = "calm" | "warn" | "danger";
type Icon = ComponentType<{ size: number; stroke: number; "aria-hidden": true }>;

interface Words {
  text: string;
  tone: Tone;
  icon: Icon | null;
}

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
      return state.at === null
        ? { text: isPrefilled ? "Nothing changed yet" : "Nothing entered yet", tone: "calm", icon: null }
        : { text: "Saved", tone: "calm", icon: IconCheck };
    case "unsaved":
    case "saving":
      return { text: "Saving…", tone: "calm", icon: IconLoader2 };
    case "offline":
      return state.isKept
        ? { text: "Offline – kept here", tone: "warn", icon: IconCloudOff }
        : { text: "Offline – not kept", tone: "danger", icon: IconCloudOff };
    case "kept":
      return state.isKept
        ? { text: "Kept in this browser", tone: "calm", icon: IconCheck }
        : { text: "Not kept: do not leave", tone: "danger", icon: IconAlertTriangle };
    case "elsewhere":
      return { text: "Saved in another tab", tone: "warn", icon: IconAlertTriangle };
    case "refused":
      return { text: "Not saved", tone: "danger", icon: IconAlertTriangle };
  }
}
