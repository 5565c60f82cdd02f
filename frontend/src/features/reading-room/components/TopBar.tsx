import { Tooltip } from "@mantine/core";
import { IconArrowLeft, IconDualScreen } from "@tabler/icons-react";
import { useContext } from "react";
import { Link } from "react-router";
import { SeriesTabs } from "../../../shared/components/SeriesTabs";
import { useKeyHint } from "../../../viewer/keys-context";
import type { OpenRead } from "../api/read";
import type { SaveState } from "../model/draft-saver";
import { stepText } from "../model/submit-words";
import styles from "../reading-room.module.css";
import { SecondWindowContext } from "../second-window/use-second-window";
import { SaveStatus } from "./SaveStatus";

interface TopBarProps {
  read: OpenRead;
  saveState: SaveState;
  activeSeries: number;
  onSeriesChange: (series: number) => void;
}

export function TopBar({ read, saveState, activeSeries, onSeriesChange }: TopBarProps) {
  const step = stepText(read);
  const { shown, toggle } = useContext(SecondWindowContext);
  const hint = useKeyHint();
  return (
    <header className={styles.bar}>
      <div className={styles.barCase}>
        <Link to={`/read/${read.study.slug}`} className={styles.back} aria-label="Back to the worklist">
          <IconArrowLeft size={18} stroke={1.8} aria-hidden />
        </Link>
        <h1 className={styles.alias}>{read.alias}</h1>
        <span className={styles.dim}>{read.session.title}</span>
        {step !== null && (
          <span
            className={styles.badge}
            data-step={read.step}
            data-tone={read.session.is_aided ? "aid" : undefined}
          >
            {step}
          </span>
        )}
        {read.session.is_training && <span className={styles.badge}>Not part of the study</span>}
        {read.status === "reopened" && (
          <span className={styles.badge} data-tone="warn">
            Correction
          </span>
        )}
      </div>
      <SeriesTabs series={read.series} active={activeSeries} onChange={onSeriesChange} />
      <div className={styles.barEnd}>
        <span data-position>
          {read.position} <span className={styles.dim}>of {read.total}</span>
        </span>
        <SaveStatus state={saveState} isPrefilled={Object.keys(read.draft.answers).length > 0} />
        <Tooltip
          w={260}
          label={hint(
            shown
              ? "Back to one window"
              : "Two windows: the images take this one whole, the form has its own",
            "page.windows",
          )}
        >
          <button
            type="button"
            className={styles.windows}
            aria-label="Two windows"
            aria-pressed={shown !== null}
            onClick={toggle}
          >
            <IconDualScreen size={18} stroke={1.6} aria-hidden />
          </button>
        </Tooltip>
      </div>
    </header>
  );
}
