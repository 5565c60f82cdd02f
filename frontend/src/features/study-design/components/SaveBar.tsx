import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCloudOff, IconLoader2, IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { SaveState } from "../use-designer";

const STATES = {
  saved: { icon: IconCheck, text: "Saved", className: "rr-save-saved" },
  unsaved: { icon: IconPencil, text: "Not saved yet", className: "" },
  saving: { icon: IconLoader2, text: "Saving", className: "" },
  offline: { icon: IconCloudOff, text: "Offline: kept in this window", className: "rr-save-warn" },
  refused: { icon: IconAlertTriangle, text: "", className: "rr-save-refused" },
} as const;

interface SaveBarProps {
  state: SaveState;
  onReload: () => void;
  children: ReactNode;
}

/** Where the last change stands, always in the same place. */
export function SaveBar({ state, onReload, children }: SaveBarProps) {
  const { icon: Icon, text, className } = STATES[state.kind];
  return (
    <div className="rr-save-bar">
      <span className={`rr-save ${className}`} role="status" data-save={state.kind}>
        <Icon size={16} stroke={1.75} aria-hidden />
        {state.kind === "refused" ? state.text : text}
      </span>
      {state.kind === "refused" && state.isStale && (
        <Button size="xs" variant="default" onClick={onReload}>
          Load it
        </Button>
      )}
      <span className="rr-save-actions">{children}</span>
    </div>
  );
}
