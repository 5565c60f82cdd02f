import { Kbd, Modal } from "@mantine/core";
import { Fragment, useContext } from "react";
import { chordText } from "./key-press";
import { KEY_ACTIONS } from "./keymap";
import { KeysContext } from "./keys-context";
import styles from "./viewer.module.css";

interface KeyHelpProps {
  isOpen: boolean;
  onClose: () => void;
  /** Keys of the form, which stay as they are. */
  formKeys?: ReadonlyArray<{ keys: readonly string[]; does: string }>;
  /** Whether the page around the viewer has keys of its own. */
  hasPageActions?: boolean;
}

export function KeyHelp(props: KeyHelpProps) {
  const { isOpen, onClose, formKeys = [], hasPageActions = true } = props;
  const keys = useContext(KeysContext);
  const rows = KEY_ACTIONS.filter(({ isOfPage }) => hasPageActions || !isOfPage).map(({ id, does }) => ({
    keys: keys.keysOf(id).map(chordText),
    does,
  }));
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
        {[...rows, ...formKeys].map(({ keys: own, does }) => (
          <Fragment key={does}>
            <dt>{own.map((key) => (key === "–" ? <span key={key}>–</span> : <Kbd key={key}>{key}</Kbd>))}</dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
