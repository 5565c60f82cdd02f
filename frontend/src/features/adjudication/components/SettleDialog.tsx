import { Button, Group, Modal, Text } from "@mantine/core";
import type { OpenItem } from "../api/item";

interface SettleDialogProps {
  item: OpenItem;
  isOpen: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function SettleDialog({ item, isOpen, onConfirm, onClose }: SettleDialogProps) {
  const what = item.mode === "consensus" ? "consensus" : "verdict";
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Settle ${item.alias}?`}
      centered
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      <Text size="sm">
        The {what} is final and cannot be changed afterwards. The readings themselves stay as they are.
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Go back
        </Button>
        <Button onClick={onConfirm} data-autofocus>
          Settle
        </Button>
      </Group>
    </Modal>
  );
}
