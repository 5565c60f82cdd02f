import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "react-router";
import { SeriesTabs } from "../../../shared/components/SeriesTabs";
import type { OpenItem } from "../api/item";
import type { SaveState } from "../model/entries-saver";
import styles from "../room.module.css";

interface ItemBarProps {
  item: OpenItem;
  saveState: SaveState;
  activeSeries: number;
  onSeriesChange: (series: number) => void;
}

export function ItemBar({ item, saveState, activeSeries, onSeriesChange }: ItemBarProps) {
  const { text, tone } = saveWords(saveState);
  return (
    <header className={styles.bar}>
      <div className={styles.barCase}>
        <Link to={`/adjudicate/${item.study.slug}`} className={styles.back} aria-label="Back to the worklist">
          <IconArrowLeft size={18} stroke={1.8} aria-hidden />
        </Link>
        <h1 className={styles.alias}>{item.alias}</h1>
        <span className={styles.dim}>Adjudication</span>
      </div>
      <SeriesTabs series={item.series} active={activeSeries} onChange={onSeriesChange} />
      <output className={styles.save} data-tone={tone} data-save-state={saveState.kind} aria-live="polite">
        {text}
      </output>
    </header>
  );
}

function saveWords(state: SaveState): { text: string; tone: "calm" | "warn" | "danger" } {
  switch (state.kind) {
    case "saved":
      return { text: state.at === null ? "Nothing entered yet" : "Saved", tone: "calm" };
    case "saving":
      return { text: "Saving…", tone: "calm" };
    case "offline":
      return { text: "Offline – not saved yet", tone: "warn" };
    case "elsewhere":
      return { text: "Saved in another tab", tone: "warn" };
    case "closed":
      return { text: "Closed", tone: "warn" };
    case "refused":
      return { text: "Not saved", tone: "danger" };
  }
}
