import { Button, Group, Skeleton, Stack, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Instant } from "../../../shared/components/Instant";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { type AuditEvent, auditQuery } from "../api/get-audit";
import { changes, detailPairs, eventText, roleText } from "../model/audit-text";
import { AuditChain } from "./AuditChain";
import { useDeskStudy } from "./use-desk-study";

function EventRow({ event }: { event: AuditEvent }) {
  return (
    <Table.Tr>
      <Table.Td className="rr-num">{event.sequence}</Table.Td>
      <Table.Td>
        <Instant iso={event.at} />
      </Table.Td>
      <Table.Td>
        {event.actor === "" ? "System" : event.actor}
        {event.role !== "" && <span className="rr-actor-role">{roleText(event.role)}</span>}
      </Table.Td>
      <Table.Td>{eventText(event.event)}</Table.Td>
      <Table.Td>
        <dl className="rr-detail">
          {changes(event.old, event.new).map(({ label, from, to }) => (
            <div key={`change ${label}`}>
              <dt>{label === "" ? "Value" : label}</dt>
              <dd>
                <span className="rr-from">{from}</span> → {to}
              </dd>
            </div>
          ))}
          {detailPairs(event.detail).map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {event.reason !== "" && (
          <p className="rr-reason">
            <span>Reason</span> {event.reason}
          </p>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

export default function AuditTab() {
  const study = useDeskStudy();
  const audit = useInfiniteQuery(auditQuery(study.slug));
  if (audit.isPending) {
    return (
      <Stack aria-busy="true">
        <Skeleton h={480} animate={false} />
      </Stack>
    );
  }
  if (audit.data === undefined) {
    return <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />;
  }
  const events = audit.data.pages.flatMap((page) => page.events);
  if (events.length === 0) {
    return (
      <EmptyState title="No events yet">
        Everything that is done in this study is written down here.
      </EmptyState>
    );
  }
  return (
    <>
      <AuditChain slug={study.slug} />
      <div className="rr-table-frame">
        <Table verticalSpacing="xs" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" w={80} className="rr-num">
                No.
              </Table.Th>
              <Table.Th scope="col" w={160}>
                Time
              </Table.Th>
              <Table.Th scope="col" w={200}>
                Who
              </Table.Th>
              <Table.Th scope="col" w={220}>
                Event
              </Table.Th>
              <Table.Th scope="col">Change and detail</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map((event) => (
              <EventRow key={event.sequence} event={event} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Group justify="center" mt="md" h={36}>
        {audit.hasNextPage && (
          <Button
            variant="default"
            loading={audit.isFetchingNextPage}
            onClick={() => void audit.fetchNextPage()}
          >
            Older events
          </Button>
        )}
      </Group>
    </>
  );
}
