import { Table } from "@mantine/core";
import { partTitle } from "../../../shared/lib/protocol-parts";
import type { Change } from "../api/versions";
import { valueText } from "../model/words";

/** Every place that a version changes, with what stood there and what stands there now. */
export function Changes({ changes, label }: { changes: readonly Change[]; label: string }) {
  return (
    <div className="rr-table-frame">
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label={label} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={260}>
              Changed
            </Table.Th>
            <Table.Th scope="col">From</Table.Th>
            <Table.Th scope="col">To</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map((change) => (
            <Table.Tr key={change.path}>
              <Table.Th scope="row" className="rr-change-path">
                {partTitle(change.path)}
                <code>{change.path}</code>
              </Table.Th>
              <Table.Td className="rr-change rr-change-old">{valueText(change.old)}</Table.Td>
              <Table.Td className="rr-change">{valueText(change.new)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
