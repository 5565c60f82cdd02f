import { Table, Text } from "@mantine/core";
import type { Results } from "../api/get-results";
import { aboutText, kindText } from "../model/deviations";
import { TableFrame } from "./analysis/TableFrame";

/** Where the study departed from its protocol; days count from the freeze. */
export function Deviations({ results }: { results: Results }) {
  const { deviations } = results.provenance;
  if (deviations.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None was recorded.
      </Text>
    );
  }
  return (
    <TableFrame className="rr-table-frame" label="Deviations from the protocol">
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Deviations from the protocol">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className="rr-num" w={60}>
              No.
            </Table.Th>
            <Table.Th scope="col" className="rr-num" w={70}>
              Day
            </Table.Th>
            <Table.Th scope="col" w={200}>
              What
            </Table.Th>
            <Table.Th scope="col">About</Table.Th>
            <Table.Th scope="col">Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deviations.map((one) => (
            <Table.Tr key={one.number}>
              <Table.Td className="rr-num">{one.number}</Table.Td>
              <Table.Td className="rr-num">{one.day ?? "–"}</Table.Td>
              <Table.Th scope="row">{kindText(one.kind)}</Table.Th>
              <Table.Td>{aboutText(one)}</Table.Td>
              <Table.Td>{one.reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableFrame>
  );
}
