import { Button, Kbd, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useContext, useState } from "react";
import type { Drags } from "../shared/viewer-preferences/preferences";
import { KeyRow } from "./KeyRow";
import type { KeyChoices } from "./key-bindings";
import styles from "./key-help.module.css";
import { chordText } from "./key-press";
import { KEY_ACTIONS, type KeyAction } from "./keymap";
import { KeysContext } from "./keys-context";

/** A key that stays as it is. */
export interface FormKey {
  keys: readonly string[];
  does: string;
}

const DRAGS = { pan: "Pan", zoom: "Zoom", window: "Window" } as const;

const mouseKeys = ({ middle, right }: Drags): FormKey[] => [
  { keys: ["Left drag"], does: "Window, or the tool chosen" },
  { keys: ["Middle drag"], does: DRAGS[middle] },
  { keys: ["Right drag"], does: DRAGS[right] },
  { keys: ["Wheel"], does: "Scroll" },
];

interface KeyListProps {
  formKeys: readonly FormKey[];
  drags: Drags;
  hasPageActions: boolean;
  /** Whether the next key is taken down, and must not close the sheet. */
  onRecording: (isRecording: boolean) => void;
  /** Null where nothing can be changed. */
  onChange: ((choices: KeyChoices) => void) | null;
}

/** Every key in its group, to be searched and changed. */
export function KeyList({ formKeys, drags, hasPageActions, onRecording, onChange }: KeyListProps) {
  const keys = useContext(KeysContext);
  const [search, setSearch] = useState("");
  const [recorded, setRecorded] = useState<{ id: string; isMore: boolean } | null>(null);
  const actions = KEY_ACTIONS.filter(({ isOfPage }) => hasPageActions || !isOfPage);
  const isFound = (does: string, written: readonly string[]) =>
    [does, ...written].some((text) => text.toLowerCase().includes(search.trim().toLowerCase()));
  const found = actions.filter(({ id, does }) => isFound(does, keys.keysOf(id).map(chordText)));
  const record = (next: { id: string; isMore: boolean } | null) => {
    setRecorded(next);
    onRecording(next !== null);
  };
  const groups: readonly string[] = [...new Set(found.map(({ group }) => group))];
  const fixed = [
    { name: "Mouse", rows: mouseKeys(drags) },
    { name: "In the form", rows: formKeys },
  ].map(({ name, rows }) => ({ name, rows: rows.filter((one) => isFound(one.does, one.keys)) }));
  const isEmpty = found.length === 0 && fixed.every(({ rows }) => rows.length === 0);
  return (
    <div className={styles.sheet}>
      <TextInput
        aria-label="Search the keys"
        placeholder="Search an action or a key"
        leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        data-autofocus
      />
      <div className={styles.groups}>
        {groups.map((group) => (
          <Group key={group} name={group}>
            {found
              .filter((one) => one.group === group)
              .map((action) => (
                <KeyRow
                  key={action.id}
                  action={action}
                  recording={recorded?.id === action.id ? (recorded.isMore ? "more" : "only") : null}
                  onRecord={(way) => record(way === null ? null : { id: action.id, isMore: way === "more" })}
                  onChange={onChange}
                />
              ))}
          </Group>
        ))}
        {fixed
          .filter(({ rows }) => rows.length > 0)
          .map(({ name, rows }) => (
            <Group key={name} name={name}>
              {rows.map((one) => (
                <div key={one.does} className={styles.row}>
                  <span>{one.does}</span>
                  <span className={styles.chips}>
                    {one.keys.map((key) =>
                      key === "–" ? <span key={key}>–</span> : <Kbd key={key}>{key}</Kbd>,
                    )}
                  </span>
                </div>
              ))}
            </Group>
          ))}
        {isEmpty && <p className={styles.empty}>No action and no key is called so.</p>}
      </div>
      {onChange && actions.some((action: KeyAction) => keys.isChanged(action)) && (
        <Button variant="default" size="xs" className={styles.resetAll} onClick={() => onChange({})}>
          Reset all keys
        </Button>
      )}
    </div>
  );
}

function Group({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <section className={styles.group} aria-label={name}>
      <h3>{name}</h3>
      {children}
    </section>
  );
}
