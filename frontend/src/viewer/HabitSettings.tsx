import { Button, SegmentedControl, Switch } from "@mantine/core";
import {
  type ChosenWindow,
  type Drags,
  NO_PREFERENCES,
  withMemoryOfWindows,
} from "../shared/viewer-preferences/preferences";
import type { PreferencesInHand } from "../shared/viewer-preferences/use-viewer-preferences";
import styles from "./key-help.module.css";

const LINKED = { study: null, on: true, off: false } as const;
const BUTTONS = [
  { button: "middle", label: "Drag with the middle button" },
  { button: "right", label: "Drag with the right button" },
] as const;
const DRAGS = [
  { value: "pan", label: "Pan" },
  { value: "zoom", label: "Zoom" },
  { value: "window", label: "Window" },
];
type LinkedChoice = keyof typeof LINKED;

/** What the viewer remembers from case to case, and how to forget it. */
export function HabitSettings({ settings }: { settings: PreferencesInHand }) {
  const { preferences, change, isLoaded } = settings;
  const windows = Object.entries(preferences.windows);
  const layouts = Object.keys(preferences.layouts).length;
  const linked: LinkedChoice = preferences.linked === null ? "study" : preferences.linked ? "on" : "off";
  const isChanged = JSON.stringify({ ...preferences, keys: {} }) !== JSON.stringify(NO_PREFERENCES);
  return (
    <fieldset className={styles.settings} disabled={!isLoaded}>
      <legend>Kept with your account, for every study. Nothing of a case is kept.</legend>
      <div className={styles.setting}>
        <Switch
          label="Remember windows"
          description="A kind of sequence begins in the window that you last set by hand for it. A window that the study sets goes before yours."
          checked={preferences.remember_windows}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            change((now) => withMemoryOfWindows(now, isOn));
          }}
        />
        {windows.length > 0 && (
          <ul className={styles.windows} aria-label="Windows remembered">
            {windows.map(([role, window]) => (
              <li key={role}>
                <span>{role}</span>
                <span className={styles.none}>{windowText(window)}</span>
                <Button
                  size="compact-xs"
                  h={32}
                  variant="subtle"
                  color="gray"
                  aria-label={`Forget the window of ${role}`}
                  onClick={() => change((now) => ({ ...now, windows: without(now.windows, role) }))}
                >
                  Forget
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={styles.setting}>
        <span id="linked-choice">Panes go together by position</span>
        <SegmentedControl
          size="xs"
          aria-labelledby="linked-choice"
          data={[
            { value: "study", label: "As the study has it" },
            { value: "on", label: "Always" },
            { value: "off", label: "Never" },
          ]}
          value={linked}
          onChange={(value) => change((now) => ({ ...now, linked: LINKED[value as LinkedChoice] }))}
        />
      </div>
      {BUTTONS.map(({ button, label }) => (
        <div key={button} className={styles.setting}>
          <span id={`${button}-drag`}>{label}</span>
          <SegmentedControl
            size="xs"
            aria-labelledby={`${button}-drag`}
            data={DRAGS}
            value={preferences.drags[button]}
            onChange={(value) =>
              change((now) => ({ ...now, drags: { ...now.drags, [button]: value as Drags["middle"] } }))
            }
          />
        </div>
      ))}
      <div className={styles.setting}>
        <Switch
          label="Lines of the active slice in the other panes"
          checked={preferences.lines ?? true}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            change((now) => ({ ...now, lines: isOn }));
          }}
        />
      </div>
      {layouts > 0 && (
        <div className={styles.setting}>
          <span>
            {layouts === 1 ? "The layout of one hanging" : `The layouts of ${layouts} hangings`} as you chose
            them
          </span>
          <Button
            size="compact-xs"
            h={32}
            variant="default"
            onClick={() => change((now) => ({ ...now, layouts: {} }))}
          >
            Forget
          </Button>
        </div>
      )}
      <p className={styles.none}>What the mouse drags holds at once, the rest from the next case on.</p>
      {isChanged && (
        <Button
          variant="default"
          size="xs"
          className={styles.resetAll}
          onClick={() => change((now) => ({ ...NO_PREFERENCES, keys: now.keys }))}
        >
          Forget all of this
        </Button>
      )}
    </fieldset>
  );
}

function windowText(window: ChosenWindow): string {
  return "low" in window ? `${window.low} to ${window.high} %` : `C ${window.center} · W ${window.width}`;
}

function without<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  const { [key]: _, ...others } = record;
  return others;
}
