import { Checkbox } from "@mantine/core";
import {
  type Chart,
  type Facet,
  facetsOf,
  type LineKind,
  type Shown,
  type Switch,
} from "../../model/charts/chart";

const DASHES: Readonly<Record<LineKind, string>> = { solid: "", dashed: "6 4", dotted: "2 3" };

function LineSample({ one }: { one: Switch }) {
  return (
    <svg width="34" height="12" aria-hidden="true" focusable="false">
      <line
        x1="1"
        y1="6"
        x2="33"
        y2="6"
        strokeWidth="2.2"
        strokeDasharray={DASHES[one.line]}
        style={{ stroke: one.color ?? "var(--rr-text)" }}
      />
    </svg>
  );
}

interface LegendProps {
  chart: Chart;
  shown: Shown;
  onChange: (shown: Shown) => void;
}

function withAll(shown: Shown, ids: readonly string[], isOn: boolean): Shown {
  const next = new Set(shown);
  for (const id of ids) {
    if (isOn) next.add(id);
    else next.delete(id);
  }
  return next;
}

function FacetRow({ facet, shown, onChange }: { facet: Facet } & Omit<LegendProps, "chart">) {
  return (
    <fieldset className="rr-facet">
      <legend>{facet.name}</legend>
      {facet.values.map(({ value, ids }) => {
        const isOn = ids.every((id) => shown.has(id));
        return (
          <button
            key={value}
            type="button"
            className="rr-chip"
            aria-pressed={isOn}
            onClick={() => onChange(withAll(shown, ids, !isOn))}
          >
            {value}
          </button>
        );
      })}
    </fieldset>
  );
}

/** What the chart shows: each thing by itself, and readers, arms or models as a whole. */
export function ChartLegend({ chart, shown, onChange }: LegendProps) {
  const facets = facetsOf(chart.switches);
  const hasValues = chart.switches.some((one) => one.value !== undefined);
  return (
    <div className="rr-legend">
      {facets.map((facet) => (
        <FacetRow key={facet.name} facet={facet} shown={shown} onChange={onChange} />
      ))}
      {hasValues && (
        <div className="rr-legend-row rr-legend-head" aria-hidden>
          <span>Shown</span>
          <span className="rr-num">{chart.valueLabel}</span>
        </div>
      )}
      <ul aria-label="Shown in the figure">
        {chart.switches.map((one) => (
          <li key={one.id} className="rr-legend-row">
            <Checkbox
              size="xs"
              checked={shown.has(one.id)}
              onChange={() => onChange(withAll(shown, [one.id], !shown.has(one.id)))}
              label={
                <span className="rr-roc-label">
                  <LineSample one={one} />
                  {one.label}
                </span>
              }
            />
            <span className="rr-num rr-kind">{one.value}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
