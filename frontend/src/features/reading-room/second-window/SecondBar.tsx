import { IconDualScreen } from "@tabler/icons-react";
import { useContext } from "react";
import { createPortal } from "react-dom";
import type { OpenRead } from "../api/read";
import { SaveStatus } from "../components/SaveStatus";
import type { SaveState } from "../model/draft-saver";
import roomStyles from "../reading-room.module.css";
import styles from "./second-window.module.css";
import { SecondWindowContext } from "./use-second-window";

interface SecondBarProps {
  read: OpenRead;
  saveState: SaveState;
  onClose: () => void;
}

/** Above the form in its own window: which case it is of, and whether it is saved. */
export function SecondBar({ read, saveState, onClose }: SecondBarProps) {
  return (
    <header className={styles.bar}>
      <h1 className={roomStyles.alias}>{read.alias}</h1>
      <span className={styles.session}>{read.session.title}</span>
      <div className={styles.end}>
        <SaveStatus state={saveState} isPrefilled={Object.keys(read.draft.answers).length > 0} />
        <button
          type="button"
          className={roomStyles.windows}
          title="Put the form back beside the images"
          onClick={onClose}
        >
          <IconDualScreen size={18} stroke={1.6} aria-hidden />
          One window
        </button>
      </div>
    </header>
  );
}

/** What the second window says while no case is open in it. */
export function SecondNote({ text }: { text: string }) {
  const { shown } = useContext(SecondWindowContext);
  if (shown === null) return null;
  return createPortal(
    <p className={styles.note} role="status">
      {text}
    </p>,
    shown.root,
  );
}
