import { Button, Group, Skeleton, Table, Text, Textarea, Title, VisuallyHidden } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Instant } from "../../../shared/components/Instant";
import { ErrorState } from "../../../shared/components/PageStates";
import { decide, type Reopening, reopeningsQuery, type Verdict } from "../api/deviations";
import type { ConductStudy } from "../model/words";
import { ActionDialog } from "./ActionDialog";

const STATUS: Readonly<Record<Reopening["status"], string>> = {
  requested: "Waits for a decision",
  granted: "Granted; not corrected yet",
  refused: "Refused",
  corrected: "Corrected",
};

interface DecisionDialogProps {
  study: ConductStudy;
  one: Reopening;
  verdict: Verdict;
  onClose: () => void;
}

function DecisionDialog({ study, one, verdict, onClose }: DecisionDialogProps) {
  const [decision, setDecision] = useState("");
  const queryClient = useQueryClient();
  const send = useMutation({
    mutationFn: () => decide(study.slug, one.id, verdict, decision.trim()),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      onClose();
    },
  });
  const isGrant = verdict === "grant";
  return (
    <ActionDialog
      title={isGrant ? "Let the reader correct the read" : "Leave the read as it is"}
      action={isGrant ? "Grant" : "Refuse"}
      isReasonNeeded={false}
      isPending={send.isPending}
      error={send.isError ? send.error : null}
      fieldProblem={decision.trim() === "" ? "Say why." : null}
      onConfirm={() => send.mutate()}
      onClose={onClose}
      fields={
        <Textarea
          label="Reason for the decision"
          description={
            isGrant ? "It is the reason of the deviation. Name no answer and no patient." : undefined
          }
          rows={3}
          maxLength={1000}
          value={decision}
          onChange={(event) => setDecision(event.currentTarget.value)}
        />
      }
    >
      {isGrant
        ? `${one.reader} may add a correction to the case ${one.alias} once. The first answers stay; the re-opening is a deviation.`
        : `${one.reader} is told that the read of the case ${one.alias} stays as it was submitted.`}
    </ActionDialog>
  );
}

function ReopeningRow({ study, one }: { study: ConductStudy; one: Reopening }) {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const canDecide = study.permissions.enroll && study.phase === "READING" && one.status === "requested";
  return (
    <Table.Tr>
      <Table.Td>
        <Instant iso={one.requested_at} />
      </Table.Td>
      <Table.Th scope="row">{one.reader}</Table.Th>
      <Table.Td>
        {one.session_title}, <span className="rr-nowrap">{one.alias}</span>
      </Table.Td>
      <Table.Td className="rr-reason-cell">{one.reason}</Table.Td>
      <Table.Td>
        {STATUS[one.status]}
        {one.decision !== "" && <div className="rr-dim">{one.decision}</div>}
      </Table.Td>
      <Table.Td>
        {canDecide && (
          <Group gap="xs" wrap="nowrap" justify="flex-end">
            <Button size="xs" variant="default" onClick={() => setVerdict("refuse")}>
              Refuse…
            </Button>
            <Button size="xs" onClick={() => setVerdict("grant")}>
              Grant…
            </Button>
          </Group>
        )}
        {verdict !== null && (
          <DecisionDialog study={study} one={one} verdict={verdict} onClose={() => setVerdict(null)} />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** What readers ask to correct; no answer is shown. */
export function Reopenings({ study }: { study: ConductStudy }) {
  const reopenings = useQuery(reopeningsQuery(study.slug));
  return (
    <section aria-labelledby="reopenings-title">
      <Title order={2} id="reopenings-title" mt={40} mb="xs">
        Requests to correct a submitted read
      </Title>
      {reopenings.isPending && <Skeleton h={80} animate={false} aria-busy="true" />}
      {reopenings.isError && (
        <ErrorState error={reopenings.error} onRetry={() => void reopenings.refetch()} />
      )}
      {reopenings.data?.length === 0 && (
        <Text size="sm" className="rr-dim">
          No reader has asked.
        </Text>
      )}
      {reopenings.data !== undefined && reopenings.data.length > 0 && (
        <div className="rr-table-frame">
          <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Requests to correct a read">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col" w={160}>
                  Time
                </Table.Th>
                <Table.Th scope="col">Reader</Table.Th>
                <Table.Th scope="col">Session, case</Table.Th>
                <Table.Th scope="col">The reader's reason</Table.Th>
                <Table.Th scope="col">State</Table.Th>
                <Table.Th scope="col" w={190}>
                  <VisuallyHidden>Decision</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {reopenings.data.map((one) => (
                <ReopeningRow key={one.id} study={study} one={one} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}
