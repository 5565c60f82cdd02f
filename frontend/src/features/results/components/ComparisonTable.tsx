import { Table } from "@mantine/core";
import type { Comparison } from "../api/get-results";
import { curveLabel, formatLevel, formatP, showEstimate, showInterval } from "../model/format";
import { Value } from "./Value";

interface ComparisonTableProps {
  label: string;
  comparisons: Comparison[];
  level: number;
}

/** Paired DeLong tests; every difference is the first curve minus the second. */
export function ComparisonTable({ label, comparisons, level }: ComparisonTableProps) {
  return (
    <div className="rr-table-frame">
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Comparison</Table.Th>
            <Table.Th scope="col" className="rr-num">
              AUC
            </Table.Th>
            <Table.Th scope="col" className="rr-num">
              versus
            </Table.Th>
            <Table.Th scope="col" className="rr-num">
              Difference
            </Table.Th>
            <Table.Th scope="col" className="rr-num">
              {formatLevel(level)} CI
            </Table.Th>
            <Table.Th scope="col" className="rr-num">
              z
            </Table.Th>
            <Table.Th scope="col" className="rr-num">
              P
            </Table.Th>
            <Table.Th scope="col" className="rr-num">
              n
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {comparisons.map(({ a, b, result, n }) => (
            <Table.Tr key={`${curveLabel(a)}/${curveLabel(b)}`}>
              <Table.Th scope="row">
                {curveLabel(a)}{" "}
                <span className="rr-kind">versus {b.name === a.name ? b.arm?.toLowerCase() : b.name}</span>
              </Table.Th>
              <Table.Td className="rr-num">
                <Value shown={showEstimate(result.auc_a)} />
              </Table.Td>
              <Table.Td className="rr-num">
                <Value shown={showEstimate(result.auc_b)} />
              </Table.Td>
              <Table.Td className="rr-num rr-strong">
                <Value shown={showEstimate(result.difference)} />
              </Table.Td>
              <Table.Td className="rr-num">
                <Value shown={showInterval(result.ci)} />
              </Table.Td>
              <Table.Td className="rr-num">
                <Value shown={showEstimate(result.z)} />
              </Table.Td>
              <Table.Td className="rr-num rr-strong">
                <Value shown={showEstimate(result.p, formatP)} />
              </Table.Td>
              <Table.Td className="rr-num">{n}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
