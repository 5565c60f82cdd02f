import { Table } from "@mantine/core";
import type { Comparison } from "../api/get-results";
import {
  armInText,
  curveLabel,
  formatLevel,
  formatP,
  showEstimate,
  showInterval,
  tellOnce,
} from "../model/format";
import { TableFrame } from "./analysis/TableFrame";
import { ValueCell } from "./Value";

interface ComparisonTableProps {
  label: string;
  comparisons: Comparison[];
  level: number;
}

function ResultCells({ result }: { result: Comparison["result"] }) {
  const difference = showEstimate(result.difference);
  if (difference.reason !== null) return <ValueCell shown={difference} colSpan={6} />;
  const [aucA, aucB, ci, z, p] = tellOnce([
    showEstimate(result.auc_a),
    showEstimate(result.auc_b),
    showInterval(result.ci),
    showEstimate(result.z),
    showEstimate(result.p, formatP),
  ]);
  return (
    <>
      <ValueCell shown={aucA} />
      <ValueCell shown={aucB} />
      <ValueCell shown={difference} isStrong />
      <ValueCell shown={ci} />
      <ValueCell shown={z} />
      <ValueCell shown={p} isStrong />
    </>
  );
}

/** Paired DeLong tests; every difference is the first curve minus the second, of a model and a reader the model's first. */
export function ComparisonTable({ label, comparisons, level }: ComparisonTableProps) {
  return (
    <TableFrame className="rr-table-frame" label="Comparisons">
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label={label} layout="fixed" miw={960}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{label}</Table.Th>
            <Table.Th scope="col" w={100} className="rr-num">
              AUC
            </Table.Th>
            <Table.Th scope="col" w={120} className="rr-num">
              AUC, versus
            </Table.Th>
            <Table.Th scope="col" w={120} className="rr-num">
              Difference
            </Table.Th>
            <Table.Th scope="col" w={180} className="rr-num">
              {formatLevel(level)} CI
            </Table.Th>
            <Table.Th scope="col" w={90} className="rr-num">
              z
            </Table.Th>
            <Table.Th scope="col" w={90} className="rr-num">
              P
            </Table.Th>
            <Table.Th scope="col" w={70} className="rr-num">
              n
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {comparisons.map(({ a, b, result, n }) => (
            <Table.Tr key={`${curveLabel(a)}/${curveLabel(b)}`}>
              <Table.Th scope="row">
                {curveLabel(a)}{" "}
                <span className="rr-kind">
                  versus {b.name === a.name ? armInText(b.arm ?? "") : curveLabel(b)}
                </span>
              </Table.Th>
              <ResultCells result={result} />
              <Table.Td className="rr-num">{n}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableFrame>
  );
}
