import { Button, Group, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Instant } from "../../../shared/components/Instant";
import { Refusal } from "../../../shared/components/Refusal";
import { type DeskStudy, studyQuery } from "../api/get-study";
import { withdrawLock } from "../api/lock-study";
import { lockStep } from "../model/lock";

const dialogs = () => import("./LockDialog");
const LockRequestDialog = lazy(() => dialogs().then((module) => ({ default: module.LockRequestDialog })));
const LockConfirmDialog = lazy(() => dialogs().then((module) => ({ default: module.LockConfirmDialog })));

/** Where the lock by two people stands, and what this person can do for it. */
export function LockActions({ study }: { study: DeskStudy }) {
  const [isOpen, setIsOpen] = useState(false);
  const step = lockStep(study);
  const icon = <IconLock size={16} stroke={1.75} aria-hidden />;
  if (step === "none") {
    return (
      <Text size="sm" c="dimmed" mt="md">
        {study.lock_request === null
          ? "Coordinators and statisticians lock the database."
          : "The lock is requested and waits for a second person."}
      </Text>
    );
  }
  return (
    <>
      <LockState study={study} />
      <Group mt="lg" gap="sm">
        {step === "request" && (
          <Button
            variant={study.missing_reads === 0 ? "filled" : "default"}
            leftSection={icon}
            onClick={() => setIsOpen(true)}
          >
            Request the lock…
          </Button>
        )}
        {step === "confirm" && (
          <Button leftSection={icon} onClick={() => setIsOpen(true)}>
            Confirm and lock…
          </Button>
        )}
        {step !== "request" && <TakeBack study={study} />}
      </Group>
      <Suspense fallback={null}>
        {isOpen && step === "request" && <LockRequestDialog study={study} onClose={() => setIsOpen(false)} />}
        {isOpen && step === "confirm" && <LockConfirmDialog study={study} onClose={() => setIsOpen(false)} />}
      </Suspense>
    </>
  );
}

function LockState({ study }: { study: DeskStudy }) {
  const { lock_request: request } = study;
  if (request === null) {
    return (
      <Text size="sm" c="dimmed" mt="md">
        Nobody has requested the lock.
      </Text>
    );
  }
  return (
    <div className="rr-lock-state" role="status">
      <Text size="sm" fw={550}>
        Requested by {request.is_own ? "you" : request.requested_by}, <Instant iso={request.requested_at} />
      </Text>
      <Text size="sm" c="dimmed">
        {request.is_own
          ? "It waits for a second person: another coordinator or a statistician."
          : "It waits for a second person. You can confirm it."}
      </Text>
      {study.lock_reason !== "" && (
        <Text size="sm" mt={6}>
          Reason: {study.lock_reason}
        </Text>
      )}
    </div>
  );
}

function TakeBack({ study }: { study: DeskStudy }) {
  const queryClient = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => withdrawLock(study.slug),
    onSuccess: (changed) => queryClient.setQueryData(studyQuery(study.slug).queryKey, changed),
    onError: () => queryClient.invalidateQueries({ queryKey: studyQuery(study.slug).queryKey }),
  });
  return (
    <>
      <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
        Take the request back
      </Button>
      {withdraw.isError && <Refusal error={withdraw.error} fallback="The request could not be taken back." />}
    </>
  );
}
