import { Kbd, Modal } from "@mantine/core";
import { Fragment } from "react";
import { VIEWER_KEYS } from "./keymap";
import styles from "./viewer.module.css";

interface KeyHelpProps {
  isOpen: boolean;
  onClose: () => void;
  /** Keys of the page around the viewer. */
  pageKeys: ReadonlyArray<{ keys: readonly string[]; does: string }>;
}

export function KeyHelp({ isOpen, onClose, pageKeys }: KeyHelpProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Keys and mouse"
      size="md"
      lockScroll={false}
      styles={{ header: { background: "transparent" } }}
    >
      <dl className={styles.keys}>
        <dt>Left drag</dt>
        <dd>Window, or the tool chosen</dd>
        <dt>Middle drag</dt>
        <dd>Pan</dd>
        <dt>Right drag</dt>
        <dd>Zoom</dd>
        <dt>Wheel</dt>
        <dd>Scroll</dd>
        {[...VIEWER_KEYS, ...pageKeys].map(({ keys, does }) => (
          <Fragment key={does}>
            <dt>
              {keys.map((key) => (key === "–" ? <span key={key}>–</span> : <Kbd key={key}>{key}</Kbd>))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
