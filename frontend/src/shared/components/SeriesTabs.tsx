import { Menu } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import styles from "./series-tabs.module.css";
import { useFit } from "./use-fit";

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

/** Nearer to one another; at last scrolled, with a menu of all. */
const FITS = ["full", "compact", "listed"] as const;

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** The series of a case, one on the screen. */
export function SeriesTabs({ series, active, onChange }: SeriesTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const fit = useFit(list, FITS, series.map(({ title }) => title).join());
  useEffect(() => {
    // Otherwise all are in sight.
    if (fit !== "listed") return;
    const tab = list.current?.querySelector(`[data-series-tab="${active}"]`);
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active, fit]);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key];
    const next = step && series[series.findIndex((one) => one.index === active) + step];
    if (!next) return;
    event.preventDefault();
    onChange(next.index);
    event.currentTarget.querySelector<HTMLElement>(`[data-series-tab="${next.index}"]`)?.focus();
  };
  return (
    <div className={styles.strip}>
      <div
        ref={list}
        className={styles.tabs}
        role="tablist"
        aria-label="Series"
        tabIndex={-1}
        onKeyDown={move}
      >
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
      {fit === "listed" && <AllSeries series={series} active={active} onChange={onChange} />}
    </div>
  );
}

/** Every series by name, where not all tabs are in sight. */
function AllSeries({ series, active, onChange }: SeriesTabsProps) {
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.all} aria-label={`All ${series.length} series`}>
          All {series.length}
          <IconChevronDown size={14} stroke={1.6} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={styles.list}>
        {series.map(({ index, title }) => (
          <Menu.Item
            key={index}
            leftSection={
              <IconCheck size={16} stroke={1.8} visibility={index === active ? undefined : "hidden"} />
            }
            onClick={() => onChange(index)}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
