import { ActionIcon, Button, Table, VisuallyHidden } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";

export function EditTable({ heads, children }: { heads: readonly string[]; children: ReactNode }) {
  return (
    <div className="rr-table-frame">
      <Table verticalSpacing={6} horizontalSpacing="sm" className="rr-edit-table">
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the heads of a table never move
              <Table.Th key={index} scope="col">
                {head || <VisuallyHidden>Actions</VisuallyHidden>}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

export function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button
      variant="default"
      size="xs"
      className="rr-design-add"
      leftSection={<IconPlus size={14} stroke={1.75} aria-hidden />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

interface RemoveCellProps {
  label: string;
  disabled?: boolean;
  onClick: () => void;
}

export function RemoveCell({ label, disabled = false, onClick }: RemoveCellProps) {
  return (
    <Table.Td w={48}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        disabled={disabled}
        onClick={onClick}
        aria-label={label}
      >
        <IconTrash size={16} stroke={1.5} aria-hidden />
      </ActionIcon>
    </Table.Td>
  );
}
