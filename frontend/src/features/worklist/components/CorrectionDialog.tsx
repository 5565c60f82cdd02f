import { Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refusal } from "../../../shared/components/Refusal";
import { requestCorrection } from "../api/request-correction";

interface CorrectionDialogProps {
  options: { value: string; label: string }[];
  isOpen: boolean;
  onClose: () => void;
  onAsked: () => void;
}

/** Which case is to be corrected, and why; the coordinator reads the reason and must not learn an answer from it. */
export function CorrectionDialog({ options, isOpen, onClose, onAsked }: CorrectionDialogProps) {
  const [readId, setReadId] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const ask = useMutation({
    mutationFn: (id: string) => requestCorrection(id, reason.trim()),
    onSuccess: () => {
      setReadId(null);
      setReason("");
      onAsked();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (readId !== null && reason.trim() !== "") ask.mutate(readId);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Ask to correct a case" size="md" lockScroll={false}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Select
            label="Case"
            data={options}
            value={readId}
            onChange={setReadId}
            searchable
            nothingFoundMessage="You have submitted no such case."
            maxDropdownHeight={240}
            openOnFocus={false}
            data-autofocus
          />
          <Textarea
            label="Reason"
            description="The coordinator reads this. Please say what went wrong and leave out what you answered."
            autosize
            minRows={3}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            Your first answers stay on record in any case.
          </Text>
          {ask.isError && <Refusal error={ask.error} fallback="The request could not be sent." />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={ask.isPending}>
              Cancel
            </Button>
            <Button type="submit" disabled={readId === null || reason.trim() === ""} loading={ask.isPending}>
              Send request
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
