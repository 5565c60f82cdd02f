import { Button } from "@mantine/core";
import { type ReactNode, useContext } from "react";
import type { Form } from "../../../shared/forms/types";
import { clockTime } from "../model/clock-time";
import type { SaveState } from "../model/draft-saver";
import { refusedWords } from "../model/refused-parts";
import type { Claim } from "../model/tab-claim";
import styles from "../reading-room.module.css";
import { SecondWindowContext } from "../second-window/use-second-window";
import type { Draft } from "../use-draft";
import type { TabClaimed } from "../use-tab-claim";

interface DraftBannersProps {
  form: Form;
  draft: Draft;
  claimed: TabClaimed;
  onReload: () => void;
}

const OTHER_TAB: Readonly<Partial<Record<Claim, string>>> = {
  elsewhere:
    "This case is open in another tab or window of this browser. It is only shown here; what you enter there is saved.",
  unsaved:
    "The other tab holds entries that could be saved neither on the server nor in this browser. Please go on there first.",
  taken: "You went on with this case in another tab or window. Everything entered here went with it.",
};

const NOT_TAKEN =
  "All but this is saved. The server did not take it, so it is kept in this browser until you change or delete it.";

/** What a reader must know of the draft beside its state in the bar, and may decide. */
export function DraftBanners({ form, draft, claimed, onReload }: DraftBannersProps) {
  const otherTab = OTHER_TAB[claimed.claim];
  if (otherTab !== undefined) {
    return (
      <Banner text={otherTab}>
        <Choice onClick={claimed.continueHere}>Continue here</Choice>
      </Banner>
    );
  }
  if (draft.conflict) {
    const since = clockTime(draft.conflict.keptAt, Date.now());
    return (
      <Banner text={`This browser kept entries from ${since} that differ from those saved elsewhere since.`}>
        <Choice onClick={() => draft.resolveConflict("here")}>Use those kept here</Choice>
        <Choice onClick={() => draft.resolveConflict("server")}>Use those saved</Choice>
      </Banner>
    );
  }
  if (draft.saveState.kind === "elsewhere") {
    return (
      <Banner text="This case is open in another window or on another computer, which has saved since. Nothing was overwritten.">
        <Choice onClick={onReload}>Reload this case</Choice>
      </Banner>
    );
  }
  if (draft.saveState.kind === "saved" && draft.saveState.refused) {
    const parts = draft.saveState.refused.map((one) => refusedWords(one, form));
    return <Banner text={`${NOT_TAKEN} ${parts.join(" ")}`} />;
  }
  const trouble = troubleIn(draft.saveState);
  return trouble === null ? null : <Banner text={trouble} />;
}

/** The second window that was asked for did not come. */
export function BlockedBanner() {
  const { isBlocked, dismissBlocked } = useContext(SecondWindowContext);
  if (!isBlocked) return null;
  return (
    <Banner text="The browser did not open a second window. Please allow this site to open windows (pop-ups), and choose “Two windows” again.">
      <Choice onClick={dismissBlocked}>Stay in one window</Choice>
    </Banner>
  );
}

/** What went wrong, in a sentence, where the few words in the bar do not say what to do. */
function troubleIn(state: SaveState): string | null {
  if (state.kind === "refused") return `The server did not take the draft: ${state.text}`;
  if (state.kind !== "offline" && state.kind !== "kept") return null;
  if (state.kept === "full") {
    return "This browser's storage is full, so your latest entries are in this page alone. Please keep it open, and free some storage or go online.";
  }
  if (state.kept === "refused") {
    return "This browser keeps nothing for this site, so your latest entries are in this page alone. Please keep it open until they are saved.";
  }
  if (state.kind === "offline" && state.obstacle === "disk_full") {
    return "The server's disk is full. Your entries are kept in this browser and are sent again by themselves; please tell your coordinator.";
  }
  return null;
}

function Banner({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className={styles.told} role="alert">
      <span>{text}</span>
      {children && <div className={styles.bannerActions}>{children}</div>}
    </div>
  );
}

function Choice({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button size="xs" variant="default" onClick={onClick}>
      {children}
    </Button>
  );
}
