import { type KeyboardEvent, useEffect, useRef } from "react";
import styles from "./series-tabs.module.css";

interface TabSeries {
  index: number;
  title: string;
  warnings: readonly string[];
}

interface SeriesTabsProps {
  series: readonly TabSeries[];
  active: number;
  onChange: (series: number) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** The series of a case, one on the screen. */
export function SeriesTabs({ series, active, onChange }: SeriesTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = list.current?.querySelector(`[data-series-tab="${active}"]`);
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key];
    const next = step && series[series.findIndex((one) => one.index === active) + step];
    if (!next) return;
    event.preventDefault();
    onChange(next.index);
    event.currentTarget.querySelector<HTMLElement>(`[data-series-tab="${next.index}"]`)?.focus();
  };
  return (
    <div ref={list} className={styles.tabs} role="tablist" aria-label="Series" tabIndex={-1} onKeyDown={move}>
      {series.map((one) => (
        <button
          key={one.index}
          type="button"
          role="tab"
          className={styles.tab}
          aria-selected={one.index === active}
          tabIndex={one.index === active ? 0 : -1}
          title={one.warnings.join("\n") || undefined}
          data-series-tab={one.index}
          onClick={() => onChange(one.index)}
        >
          {one.title}
        </button>
      ))}
    </div>
  );
}
