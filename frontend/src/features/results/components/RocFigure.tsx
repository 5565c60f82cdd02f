import { Checkbox, Text } from "@mantine/core";
import { useState } from "react";
import type { Results } from "../api/get-results";
import { Chunk } from "../model/chunk";
import { formatLevel, showEstimate, showInterval } from "../model/format";
import { type LineStyle, type RocSeries, rocSeries } from "../model/roc-series";
import { ChunkView } from "./analysis/ChunkView";

const ROC_CHART = new Chunk(() => import("./RocChart"));

const DASHES: Readonly<Record<LineStyle, string>> = { solid: "", dashed: "6 4", dotted: "2 3" };

function LineSample({ series }: { series: RocSeries }) {
  const color = series.color ?? "var(--rr-text)";
  return (
    <svg width="34" height="12" aria-hidden="true" focusable="false">
      <line
        x1="1"
        y1="6"
        x2="33"
        y2="6"
        strokeWidth="2.2"
        strokeDasharray={DASHES[series.line]}
        style={{ stroke: color }}
      />
    </svg>
  );
}

interface LegendRowProps {
  series: RocSeries;
  isShown: boolean;
  onToggle: () => void;
}

function LegendRow({ series, isShown, onToggle }: LegendRowProps) {
  return (
    <li className="rr-roc-row">
      <Checkbox
        size="xs"
        checked={isShown}
        onChange={onToggle}
        label={
          <span className="rr-roc-label">
            <LineSample series={series} />
            {series.label}
          </span>
        }
      />
      <span className="rr-num">{showEstimate(series.result.auc.auc).text}</span>
      <span className="rr-num rr-kind">{showInterval(series.result.auc.ci).text}</span>
    </li>
  );
}

/** The ROC curves; the labels at the side name, measure and switch them. */
export function RocFigure({ results }: { results: Results }) {
  const all = rocSeries(results);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = all.filter((series) => !hidden.has(series.id));

  function toggle(id: string) {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  }

  if (all.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No ROC curve can be drawn: the cases with a reference standard are not of both classes.
      </Text>
    );
  }
  return (
    <div className="rr-roc">
      <ChunkView chunk={ROC_CHART} props={{ series: shown }} className="rr-roc-chart" />
      <div className="rr-roc-side">
        <ul className="rr-roc-legend" aria-label="Curves">
          <li className="rr-roc-row rr-roc-head" aria-hidden>
            <span>Curve</span>
            <span className="rr-num">AUC</span>
            <span className="rr-num">{formatLevel(results.level)} CI</span>
          </li>
          {all.map((series) => (
            <LegendRow
              key={series.id}
              series={series}
              isShown={!hidden.has(series.id)}
              onToggle={() => toggle(series.id)}
            />
          ))}
        </ul>
        <Text size="xs" c="dimmed" mt="md">
          The larger marker is the declared threshold. Point at a marker for its threshold, sensitivity,
          specificity and counts.
        </Text>
      </div>
    </div>
  );
}
