import { Table } from "@mantine/core";
import type { CurveResult, Results } from "../api/get-results";
import { armLabel, DASH, formatLevel, showEstimate, showInterval } from "../model/format";
import { aucRows } from "../model/tables";
import { TableFrame } from "./analysis/TableFrame";
import { ValueCell } from "./Value";

function AucCells({ result }: { result: CurveResult | null }) {
  if (result === null) {
    return (
      <Table.Td className="rr-num" colSpan={2}>
        {DASH}
      </Table.Td>
    );
  }
  const auc = showEstimate(result.auc.auc);
  if (auc.reason !== null) return <ValueCell shown={auc} colSpan={2} />;
  return (
    <>
      <ValueCell shown={auc} isStrong />
      <ValueCell shown={showInterval(result.auc.ci)} />
    </>
  );
}

/** AUC with its interval by reader and arm; a model has no arm and stands in the first columns. */
export function AucTable({ results }: { results: Results }) {
  const level = formatLevel(results.level);
  return (
    <TableFrame className="rr-table-frame rr-auc" label="Areas under the curves">
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Area under the ROC curve">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" rowSpan={2}>
              Reader or model
            </Table.Th>
            {results.arms.map((arm) => (
              <Table.Th key={arm} scope="colgroup" colSpan={2} className="rr-colgroup">
                {armLabel(arm)}
              </Table.Th>
            ))}
          </Table.Tr>
          <Table.Tr>
            {results.arms.map((arm) => [
              <Table.Th key={`${arm}/auc`} scope="col" w={90} className="rr-num">
                AUC
              </Table.Th>,
              <Table.Th key={`${arm}/ci`} scope="col" w={170} className="rr-num">
                {level} CI
              </Table.Th>,
            ])}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {aucRows(results).map((row) => (
            <Table.Tr key={`${row.kind}/${row.name}`}>
              <Table.Th scope="row">
                {row.name}
                {row.kind === "model" && <span className="rr-kind"> model, no arm</span>}
              </Table.Th>
              {row.cells.map((result, index) => (
                <AucCells key={results.arms[index] ?? "model"} result={result} />
              ))}
              {row.kind === "model" && results.arms.length > 1 && (
                <Table.Td colSpan={2 * (results.arms.length - 1)} />
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableFrame>
  );
}
