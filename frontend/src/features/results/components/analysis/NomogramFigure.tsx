import { NativeSelect, Progress, Slider, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import type { ReportFigure } from "../../api/report-content";
import { formatNumber } from "../../model/format";
import {
  type Entered,
  firstEntered,
  type Nomogram,
  type NomogramAxis,
  pointsOn,
  type Reading,
  rangeOf,
  readNomogram,
} from "../../model/nomogram";
import { FigureCaption } from "./FigureCaption";
import { type PrintedFigure, PrintedLinks } from "./PrintedLinks";

/** So many steps from one end of an axis to the other. */
const STEPS = 200;

interface AxisProps {
  axis: NomogramAxis;
  name: string;
  entered: string;
  onChange: (entered: string) => void;
}

/** As short as a step of the axis allows. */
function written(value: number, step: number): string {
  return String(Number(value.toFixed(Math.max(0, Math.ceil(-Math.log10(step))))));
}

function NumericAxis({ axis, name, entered, onChange }: AxisProps) {
  const { low, high } = rangeOf(axis);
  const step = (high - low) / STEPS;
  const isOnAxis = pointsOn(axis, entered) !== null;
  return (
    <>
      <Slider
        className="rr-nomogram-slider"
        min={low}
        max={high}
        step={step}
        label={null}
        value={isOnAxis ? Number(entered) : low}
        thumbLabel={`${name}, slider`}
        marks={axis.ticks.flatMap(({ value, label }, index) =>
          value === null ? [] : [{ value, label: index % 2 === 0 || axis.ticks.length < 8 ? label : null }],
        )}
        onChange={(value) => onChange(written(value, step))}
      />
      <TextInput
        aria-label={name}
        size="xs"
        inputMode="decimal"
        value={entered}
        error={!isOnAxis && `From ${low} to ${high}`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </>
  );
}

function CategoricalAxis({ axis, name, entered, onChange }: AxisProps) {
  return (
    <NativeSelect
      aria-label={name}
      className="rr-nomogram-categories"
      size="xs"
      value={entered}
      data={axis.ticks.map(({ label }) => label)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Outcomes({ nomogram, reading }: { nomogram: Nomogram; reading: Reading }) {
  const id = useId();
  if (reading.total === null || reading.linearPredictor === null) {
    return (
      <p className="rr-run-when" role="status">
        Every predictor needs a value on its axis.
      </p>
    );
  }
  return (
    <div className="rr-nomogram-result" role="status">
      <dl>
        <div>
          <dt>Total points</dt>
          <dd>{formatNumber(reading.total, 1)}</dd>
        </div>
        <div>
          <dt>Linear predictor</dt>
          <dd>{formatNumber(reading.linearPredictor)}</dd>
        </div>
        {nomogram.outcomes.map(({ label }, index) => {
          const probability = reading.probabilities[index] ?? 0;
          return (
            <div key={label} className="rr-nomogram-outcome">
              <dt id={`${id}-${index}`}>{label}</dt>
              <dd>
                {formatNumber(100 * probability, 1)}%
                <Progress.Root size="sm">
                  <Progress.Section value={100 * probability} aria-labelledby={`${id}-${index}`} />
                </Progress.Root>
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}

interface NomogramFigureProps {
  figure: ReportFigure;
  nomogram: Nomogram;
  /** Of predictors that are called otherwise than in the dataset. */
  labels: Readonly<Record<string, string>>;
  printed: PrintedFigure;
}

/** The nomogram as a calculator: values to points, points to the total, the total to the probability. */
export function NomogramFigure({ figure, nomogram, labels, printed }: NomogramFigureProps) {
  const [entered, setEntered] = useState<Entered>(() => firstEntered(nomogram));
  const reading = readNomogram(nomogram, entered);
  return (
    <figure className="rr-figure">
      <FigureCaption caption={figure.caption} />
      <div className="rr-nomogram">
        <ul aria-label="Predictors">
          {nomogram.axes.map((axis) => {
            const Axis = axis.kind === "numeric" ? NumericAxis : CategoricalAxis;
            const name = labels[axis.name] ?? axis.name;
            const points = reading.points[axis.name] ?? null;
            return (
              <li key={axis.name}>
                <span className="rr-nomogram-name">{name}</span>
                <Axis
                  axis={axis}
                  name={name}
                  entered={entered[axis.name] ?? ""}
                  onChange={(value) => setEntered({ ...entered, [axis.name]: value })}
                />
                <span className="rr-num rr-nomogram-points">
                  {points === null ? "–" : formatNumber(points, 1)} points
                </span>
              </li>
            );
          })}
        </ul>
        <Outcomes nomogram={nomogram} reading={reading} />
      </div>
      <p className="rr-figure-note">
        Research only: it repeats the fitted model and is no advice for a patient. {figure.notes.join(" ")}
      </p>
      <div className="rr-figure-tools">
        <PrintedLinks figure={printed} />
      </div>
    </figure>
  );
}
