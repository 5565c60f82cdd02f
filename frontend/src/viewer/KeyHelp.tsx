import { Modal, Tabs } from "@mantine/core";
import { useState } from "react";
import { NO_PREFERENCES } from "../shared/viewer-preferences/preferences";
import type { PreferencesInHand } from "../shared/viewer-preferences/use-viewer-preferences";
import { HabitSettings } from "./HabitSettings";
import { type FormKey, KeyList } from "./KeyList";
import styles from "./key-help.module.css";

interface KeyHelpProps {
  isOpen: boolean;
  onClose: () => void;
  /** Without them nothing can be changed here. */
  settings?: PreferencesInHand;
  /** Keys of the form, which stay as they are. */
  formKeys?: readonly FormKey[];
  /** Whether the page around the viewer has keys of its own. */
  hasPageActions?: boolean;
}

/** The sheet behind `?`: every key, to be looked up and changed, and what the viewer remembers. */
export function KeyHelp({ isOpen, onClose, settings, formKeys = [], hasPageActions = true }: KeyHelpProps) {
  const [isRecording, setRecording] = useState(false);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Keys and mouse"
      size={660}
      lockScroll={false}
      closeOnEscape={!isRecording}
      closeButtonProps={{ "aria-label": "Close the keys" }}
      styles={{ header: { background: "transparent" } }}
    >
      <Tabs defaultValue="keys" keepMounted={false}>
        {settings && (
          <Tabs.List mb="md">
            <Tabs.Tab value="keys">Keys</Tabs.Tab>
            <Tabs.Tab value="remembered">Remembered</Tabs.Tab>
          </Tabs.List>
        )}
        {settings?.problem && (
          <p className={styles.problem} role="alert">
            {settings.problem}
          </p>
        )}
        <Tabs.Panel value="keys">
          <KeyList
            formKeys={formKeys}
            drags={(settings?.preferences ?? NO_PREFERENCES).drags}
            hasPageActions={hasPageActions}
            onRecording={setRecording}
            onChange={
              settings?.isLoaded ? (keys) => settings.change((now) => ({ ...now, keys: copied(keys) })) : null
            }
          />
        </Tabs.Panel>
        {settings && (
          <Tabs.Panel value="remembered">
            <HabitSettings settings={settings} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Modal>
  );
}

const copied = (keys: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(keys).map(([id, own]) => [id, [...own]]));
