import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { isApiError } from "../../../shared/api/client";
import { Refusal } from "../../../shared/components/Refusal";
import { type DeskStudy, studyQuery } from "../api/get-study";
import { lockStudy } from "../api/lock-study";
import { checkLock, readsMissingText } from "../model/lock";

interface LockDialogProps {
  study: DeskStudy;
  isOpen: boolean;
  onClose: () => void;
}

export function LockDialog({ study, isOpen, onClose }: LockDialogProps) {
  const [reason, setReason] = useState("");
  const [isConfirmed, setIsConfirmed] = useState(false);
  const queryClient = useQueryClient();
  const { isReasonNeeded, problem } = checkLock({ missingReads: study.missing_reads, reason, isConfirmed });
  const lock = useMutation({
    mutationFn: () => lockStudy(study.slug, reason.trim()),
    onSuccess: async (locked) => {
      queryClient.setQueryData(studyQuery(study.slug).queryKey, locked);
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      await queryClient.invalidateQueries({ queryKey: ["me"] });
    },
    onError: async (error) => {
      // A reader was faster or slower than this page knew: show the count of now.
      if (isApiError(error, "reads_missing")) {
        await queryClient.invalidateQueries({ queryKey: studyQuery(study.slug).queryKey });
      }
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (problem === null) lock.mutate();
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title="Lock the database" size="lg" lockScroll={false}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            {readsMissingText(study.missing_reads)} After the lock no read can be opened, submitted or
            changed, and the results are shown to the coordinator and the statistician.
          </Text>
          {isReasonNeeded && (
            <Textarea
              label="Reason for locking without the missing reads"
              description="It is kept in the audit trail and printed with the results."
              required
              withAsterisk={false}
              rows={3}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          <Checkbox
            label="I understand that the lock is final."
            checked={isConfirmed}
            onChange={(event) => setIsConfirmed(event.currentTarget.checked)}
          />
          {lock.isError && <Refusal error={lock.error} fallback="The database could not be locked." />}
          <Group justify="flex-end" gap="sm">
            <Text size="sm" c="dimmed" role="status" className="rr-lock-status">
              {lock.isPending ? "Freezing the data and computing the results…" : problem}
            </Text>
            <Button variant="default" onClick={onClose} disabled={lock.isPending}>
              Cancel
            </Button>
            <Button type="submit" disabled={problem !== null} loading={lock.isPending}>
              Lock database
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
