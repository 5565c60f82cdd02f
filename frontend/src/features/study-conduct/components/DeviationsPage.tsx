import { Button, Skeleton, Table, Text, Title } from "@mantine/core";
import { IconEyeExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Instant } from "../../../shared/components/Instant";
import { ErrorState } from "../../../shared/components/PageStates";
import { type Deviation, deviationsQuery } from "../api/deviations";
import { type ConductStudy, deviationText } from "../model/words";
import { Reopenings } from "./Reopenings";
import "./conduct.css";

function DeviationsTable({ deviations }: { deviations: readonly Deviation[] }) {
  return (
    <div className="rr-table-frame">
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Deviations">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={60} className="rr-num">
              No.
            </Table.Th>
            <Table.Th scope="col" w={160}>
              Time
            </Table.Th>
            <Table.Th scope="col" w={210}>
              What
            </Table.Th>
            <Table.Th scope="col">About</Table.Th>
            <Table.Th scope="col">Reason</Table.Th>
            <Table.Th scope="col" w={180}>
              By
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deviations.map((one) => (
            <Table.Tr key={one.number}>
              <Table.Td className="rr-num">{one.number}</Table.Td>
              <Table.Td>
                <Instant iso={one.recorded_at} />
              </Table.Td>
              <Table.Th scope="row">{deviationText(one.kind)}</Table.Th>
              <Table.Td>{one.about === "" ? "–" : one.about}</Table.Td>
              <Table.Td className="rr-reason-cell">{one.reason}</Table.Td>
              <Table.Td>{one.recorded_by === "" ? "System" : one.recorded_by}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Where the study departed from its protocol, and what readers ask to correct. */
export function DeviationsPage({ study }: { study: ConductStudy }) {
  const deviations = useQuery(deviationsQuery(study.slug));
  if (deviations.isPending) return <Skeleton h={360} animate={false} aria-busy="true" />;
  if (deviations.data === undefined) {
    return <ErrorState error={deviations.error} onRetry={() => void deviations.refetch()} />;
  }
  return (
    <>
      <div className="rr-conduct-head">
        <div>
          <Title order={2}>Deviations</Title>
          <Text size="sm" c="dimmed" mt={4} maw="72ch">
            Every departure from the protocol is recorded here as it happens. The records never change, and
            are printed with the results.
          </Text>
        </div>
        {study.permissions.unblind && (
          <Button
            component={Link}
            to={`/desk/${study.slug}/unblind`}
            variant="default"
            leftSection={<IconEyeExclamation size={16} stroke={1.75} aria-hidden />}
          >
            Unblind a case in an emergency…
          </Button>
        )}
      </div>
      {deviations.data.length === 0 ? (
        <Text size="sm" className="rr-dim" role="status">
          No deviation: the study is conducted as its protocol says.
        </Text>
      ) : (
        <DeviationsTable deviations={deviations.data} />
      )}
      <Reopenings study={study} />
    </>
  );
}
