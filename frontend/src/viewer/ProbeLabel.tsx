import { useEffect, useRef, useState } from "react";
import type { CaseEngine } from "./case-engine";
import { number } from "./measuring/words";
import styles from "./viewer.module.css";

interface ProbeLabelProps {
  engine: CaseEngine;
  place: number;
  /** In a plane across its slices the series says which of them the value is of. */
  isReformatted: boolean;
}

interface Probed {
  left: number;
  top: number;
  text: string;
  where: string;
}

/** The stored value under the mouse, beside it. Nothing of it is kept. */
export function ProbeLabel({ engine, place, isReformatted }: ProbeLabelProps) {
  const anchor = useRef<HTMLDivElement>(null);
  const [probed, setProbed] = useState<Probed | null>(null);
  useEffect(() => {
    const pane = anchor.current?.closest<HTMLElement>("[data-pane]");
    if (!pane) return;
    const onMove = (event: PointerEvent) => {
      const at = pane.getBoundingClientRect();
      const [left, top] = [event.clientX - at.left, event.clientY - at.top];
      const found = engine.probe(place, left, top);
      const slice = found && isReformatted ? `slice ${found.frame}, ` : "";
      const unit = found?.unit ? ` ${found.unit}` : "";
      setProbed(
        found && {
          left,
          top,
          text: `${number(found.value)}${unit}`,
          where: `${slice}column ${found.column + 1}, row ${found.row + 1}`,
        },
      );
    };
    const onLeave = () => setProbed(null);
    pane.addEventListener("pointermove", onMove);
    pane.addEventListener("pointerleave", onLeave);
    return () => {
      pane.removeEventListener("pointermove", onMove);
      pane.removeEventListener("pointerleave", onLeave);
    };
  }, [engine, place, isReformatted]);
  return (
    <div ref={anchor} className={styles.probe} aria-hidden={probed === null}>
      {probed && (
        <span className={styles.probeValue} style={{ left: probed.left, top: probed.top }} data-probe>
          {probed.text} <span className={styles.dim}>{probed.where}</span>
        </span>
      )}
    </div>
  );
}
