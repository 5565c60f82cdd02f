import type { AgreementTable, KappaPair } from "../api/get-results";
import {
  armLabel,
  formatLevel,
  formatNumber,
  isEstimable,
  showEstimate,
  showInterval,
} from "../model/format";
import { pairOf } from "../model/tables";
import { Value } from "./Value";

/** Stronger agreement, stronger tint; text keeps its contrast up to the full tint. */
const FULL_TINT_PERCENT = 42;

function tint(pair: KappaPair): string {
  const { kappa } = pair.result;
  const share = isEstimable(kappa) ? Math.max(0, kappa) : 0;
  return `color-mix(in srgb, var(--rr-accent) ${(FULL_TINT_PERCENT * share).toFixed(1)}%, var(--rr-panel))`;
}

function KappaCell({ pair }: { pair: KappaPair }) {
  const { kappa, ci, band, n, percent_agreement } = pair.result;
  return (
    <td className="rr-kappa-cell" style={{ background: tint(pair) }}>
      <div className="rr-kappa-value">
        <Value shown={showEstimate(kappa)} />
      </div>
      {isEstimable(kappa) && (
        <>
          <div>
            <Value shown={showInterval(ci)} />
          </div>
          <div className="rr-kappa-band">{isEstimable(band) ? band : ""}</div>
        </>
      )}
      <div className="rr-kappa-n">
        n = {n}
        {isEstimable(percent_agreement) && `, ${formatNumber(percent_agreement, 1)}% agree`}
      </div>
    </td>
  );
}

/** Cohen's kappa of every pair of raters in one arm: the lower triangle, tinted by its size. */
export function KappaMatrix({ table, level }: { table: AgreementTable; level: number }) {
  const { raters } = table.matrix;
  const rows = raters.slice(1);
  const columns = raters.slice(0, -1);
  return (
    <figure className="rr-kappa">
      <figcaption>
        {armLabel(table.arm)} <span className="rr-kind">kappa with {formatLevel(level)} CI</span>
      </figcaption>
      <table>
        <thead>
          <tr>
            <td />
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {columns.map((column, columnIndex) => {
                const pair = columnIndex <= rowIndex ? pairOf(table, row, column) : undefined;
                return pair === undefined ? <td key={column} /> : <KappaCell key={column} pair={pair} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
