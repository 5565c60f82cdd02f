import { Table } from "@mantine/core";
import type { CurveResult, Proportion, Results } from "../api/get-results";
import {
  curveLabel,
  formatLevel,
  formatNumber,
  formatThreshold,
  isEstimable,
  showEstimate,
  showInterval,
  tellOnce,
} from "../model/format";
import { TableFrame } from "./analysis/TableFrame";
import { Value, ValueCell } from "./Value";

function ProportionCells({ proportion }: { proportion: Proportion }) {
  const [estimate, interval] = tellOnce([
    showEstimate(proportion.estimate),
    showInterval(proportion.clopper_pearson),
  ]);
  return (
    <>
      <ValueCell shown={estimate} isStrong />
      <ValueCell shown={interval} />
      <Table.Td className="rr-num">
        {proportion.successes} / {proportion.n}
      </Table.Td>
    </>
  );
}

function YoudenCell({ youden }: { youden: CurveResult["youden"] }) {
  if (!isEstimable(youden)) return <Value shown={{ text: "–", reason: youden.not_estimable }} />;
  const cutOffs = youden.points.map((point) => formatThreshold(point.threshold)).join(" or ");
  return (
    <>
      {cutOffs} <span className="rr-kind">(J {formatNumber(youden.index)})</span>
    </>
  );
}

/** Sensitivity and specificity at the threshold that was declared, with exact intervals. */
export function OperatingPoints({ results }: { results: Results }) {
  const level = formatLevel(results.level);
  return (
    <TableFrame className="rr-table-frame" label="Operating points">
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Operating points">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Reader or model</Table.Th>
            <Table.Th scope="col">Called positive when</Table.Th>
            {["Sensitivity", "Specificity"].map((name) => [
              <Table.Th key={name} scope="col" className="rr-num">
                {name}
              </Table.Th>,
              <Table.Th key={`${name}/ci`} scope="col" className="rr-num">
                {level} CI
              </Table.Th>,
              <Table.Th key={`${name}/n`} scope="col" className="rr-num">
                Cases
              </Table.Th>,
            ])}
            <Table.Th scope="col" className="rr-num">
              Youden cut-off
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.curves.map((item) => (
            <Table.Tr key={curveLabel(item.curve)}>
              <Table.Th scope="row">{curveLabel(item.curve)}</Table.Th>
              <Table.Td>{item.threshold_rule.replace(">=", "≥")}</Table.Td>
              <ProportionCells proportion={item.operating_point.sensitivity} />
              <ProportionCells proportion={item.operating_point.specificity} />
              <Table.Td className="rr-num">
                <YoudenCell youden={item.youden} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableFrame>
  );
}
