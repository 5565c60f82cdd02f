import { Button, Checkbox, Group, Modal, PasswordInput, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { isApiError } from "../../../shared/api/client";
import { Refusal } from "../../../shared/components/Refusal";
import { formatUtc } from "../../../shared/lib/dates";
import { type DeskStudy, studyQuery } from "../api/get-study";
import { confirmLock, requestLock } from "../api/lock-study";
import { checkLock, confirmProblem, readsMissingText } from "../model/lock";

interface LockDialogProps {
  study: DeskStudy;
  onClose: () => void;
}

/** What both people do after the server agreed: the study shows its new state everywhere. */
function useLockMutation(study: DeskStudy, send: () => Promise<DeskStudy>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: async (changed) => {
      queryClient.setQueryData(studyQuery(study.slug).queryKey, changed);
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      await queryClient.invalidateQueries({ queryKey: ["me"] });
    },
    onError: async (error) => {
      // Readers and the other person were faster than this page knew: show where the study stands now.
      if (isApiError(error) && !isApiError(error, "wrong_password")) {
        await queryClient.invalidateQueries({ queryKey: studyQuery(study.slug).queryKey });
      }
    },
  });
}

/** The first person asks for the lock; reading goes on. */
export function LockRequestDialog({ study, onClose }: LockDialogProps) {
  const [reason, setReason] = useState("");
  // Known once the server says so: cases that wait for an adjudicator are no part of the readers' progress.
  const [isUnsettled, setIsUnsettled] = useState(false);
  const { isReasonNeeded, problem } = checkLock({ missingReads: study.missing_reads, isUnsettled, reason });
  const request = useLockMutation(study, async () => {
    const changed = await requestLock(study.slug, reason.trim());
    onClose();
    return changed;
  });
  const noteUnsettled = (error: unknown) =>
    setIsUnsettled(isApiError(error, "items_unsettled") || isUnsettled);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (problem === null) request.mutate(undefined, { onError: noteUnsettled });
  }

  return (
    <Modal opened onClose={onClose} title="Request the database lock" size="lg" lockScroll={false}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            {readsMissingText(study.missing_reads)} Another coordinator or statistician has to confirm the
            lock. Until then reading goes on and either of you can take the request back.
          </Text>
          {isReasonNeeded && (
            <Textarea
              label="Reason for locking without what is missing"
              description="It is recorded as a deviation and printed with the results."
              rows={3}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {request.isError && <Refusal error={request.error} fallback="The lock could not be requested." />}
          <Group justify="flex-end" gap="sm">
            <Text size="sm" c="dimmed" role="status" className="rr-lock-status">
              {problem}
            </Text>
            <Button variant="default" onClick={onClose} disabled={request.isPending}>
              Cancel
            </Button>
            <Button type="submit" disabled={problem !== null} loading={request.isPending}>
              Request the lock
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The second person locks the database. */
export function LockConfirmDialog({ study, onClose }: LockDialogProps) {
  const [isUnderstood, setIsUnderstood] = useState(false);
  const [password, setPassword] = useState("");
  const problem = confirmProblem(isUnderstood, password);
  const confirm = useLockMutation(study, () => confirmLock(study.slug, password));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (problem === null) confirm.mutate(undefined, { onError: () => setPassword("") });
  }

  return (
    <Modal opened onClose={onClose} title="Lock the database" size="lg" lockScroll={false}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {study.lock_request !== null && (
            <Text size="sm">
              {study.lock_request.requested_by} requested the lock on{" "}
              {formatUtc(study.lock_request.requested_at)}. {readsMissingText(study.missing_reads)}
              {study.lock_reason !== "" && ` Reason: ${study.lock_reason}`}
            </Text>
          )}
          <Text size="sm">
            After the lock no read can be opened, submitted or changed, and the results are shown to the
            coordinator and the statistician.
          </Text>
          <Checkbox
            label="I understand that the lock is final."
            checked={isUnderstood}
            onChange={(event) => setIsUnderstood(event.currentTarget.checked)}
          />
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {confirm.isError && <Refusal error={confirm.error} fallback="The database could not be locked." />}
          <Group justify="flex-end" gap="sm">
            <Text size="sm" c="dimmed" role="status" className="rr-lock-status">
              {confirm.isPending ? "Freezing the data and computing the results…" : problem}
            </Text>
            <Button variant="default" onClick={onClose} disabled={confirm.isPending}>
              Cancel
            </Button>
            <Button type="submit" disabled={problem !== null} loading={confirm.isPending}>
              Lock database
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
