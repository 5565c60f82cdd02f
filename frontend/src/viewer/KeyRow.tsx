import { ActionIcon, Button, Kbd, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconPencil, IconPlus } from "@tabler/icons-react";
import { useContext, useEffect, useEffectEvent, useState } from "react";
import type { KeyChoices } from "./key-bindings";
import styles from "./key-help.module.css";
import { chordOf, chordText, keptBy } from "./key-press";
import type { KeyAction } from "./keymap";
import { KeysContext } from "./keys-context";

interface KeyRowProps {
  action: KeyAction;
  /** The next key is taken down: in place of the ones there are, or as one more. */
  recording: "only" | "more" | null;
  onRecord: (way: "only" | "more" | null) => void;
  /** Null where nothing can be changed. */
  onChange: ((choices: KeyChoices) => void) | null;
}

/** One action with its keys. */
export function KeyRow({ action, recording, onRecord, onChange }: KeyRowProps) {
  const keys = useContext(KeysContext);
  const own = keys.keysOf(action.id);
  const canChange = onChange !== null && !action.isFixed;
  return (
    <div className={styles.row} data-action={action.id} data-recording={recording ?? undefined}>
      <span>{action.does}</span>
      <span className={styles.chips}>
        {own.length === 0 && <span className={styles.none}>no key</span>}
        {own.map((chord) => (
          <Kbd key={chord}>{chordText(chord)}</Kbd>
        ))}
      </span>
      {onChange && (
        <span className={styles.tools}>
          {canChange && (
            <>
              {keys.isChanged(action) && (
                <RowButton
                  label={`Reset the keys of: ${action.does}`}
                  hint="Back to the key it came with"
                  icon={IconArrowBackUp}
                  onClick={() => onChange(keys.withReset(action.id))}
                />
              )}
              <RowButton
                label={`One more key for: ${action.does}`}
                hint="One more key"
                icon={IconPlus}
                onClick={() => onRecord("more")}
              />
              <RowButton
                label={`Another key for: ${action.does}`}
                hint="Another key"
                icon={IconPencil}
                onClick={() => onRecord("only")}
              />
            </>
          )}
        </span>
      )}
      {recording !== null && canChange && (
        <Recorder
          action={action}
          isMore={recording === "more"}
          onChange={onChange}
          onLeave={() => onRecord(null)}
        />
      )}
    </div>
  );
}

interface RecorderProps {
  action: KeyAction;
  isMore: boolean;
  onChange: (choices: KeyChoices) => void;
  onLeave: () => void;
}

/** Takes down the next key, and tells plainly why it cannot be had. */
function Recorder({ action, isMore, onChange, onLeave }: RecorderProps) {
  const keys = useContext(KeysContext);
  const [pressed, setPressed] = useState<string | null>(null);
  const refusal = pressed === null ? null : refusalOf(pressed);
  const holder = pressed === null || refusal !== null ? null : keys.holder(pressed);
  const take = (chord: string) => {
    onChange(isMore ? keys.withKey(action.id, chord) : keys.withOnlyKey(action.id, chord));
    onLeave();
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    // With the question on the screen the keys press its buttons.
    if (holder && (event.key === "Enter" || event.key === "Tab" || event.key === " ")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") {
      onLeave();
      return;
    }
    const chord = chordOf(event);
    if (chord === null) return;
    const other = keys.holder(chord);
    if (refusalOf(chord) === null && (other === null || other.id === action.id)) take(chord);
    else setPressed(chord);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listener, true);
    return () => window.removeEventListener("keydown", listener, true);
  }, []);

  function refusalOf(chord: string): string | null {
    const fixed = keys.holder(chord);
    if (fixed?.isFixed) return `${chordText(chord)} always does this: ${lower(fixed.does)}.`;
    return keptBy(chord);
  }

  return (
    <div className={styles.recorder} role="status">
      {holder && pressed !== null ? (
        <>
          <span>
            {chordText(pressed)} is a key of “{holder.does}”, which would lose it.
          </span>
          <Button size="compact-xs" onClick={() => take(pressed)} autoFocus>
            Use it here
          </Button>
          <Button size="compact-xs" variant="default" onClick={onLeave}>
            Leave it
          </Button>
        </>
      ) : (
        <>
          <span>{refusal ?? "Press the key."}</span>
          <span className={styles.none}>Esc leaves it as it is.</span>
        </>
      )}
    </div>
  );
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

interface RowButtonProps {
  label: string;
  hint: string;
  icon: typeof IconPlus;
  onClick: () => void;
}

function RowButton({ label, hint, icon: Icon, onClick }: RowButtonProps) {
  return (
    <Tooltip label={hint}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={onClick}>
        <Icon size={15} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
