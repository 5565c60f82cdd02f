import { Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { worklistQuery } from "../api/get-worklist";
import { Corrections } from "./Corrections";
import { SessionSteps } from "./SessionSteps";
import { TurnCard } from "./TurnCard";
import "./worklist.css";

function WorklistSkeleton() {
  return (
    <Stack gap="lg" aria-busy="true">
      <Skeleton h={31} w={360} animate={false} />
      <Skeleton h={136} animate={false} />
      <Skeleton h={190} animate={false} />
    </Stack>
  );
}

export default function WorklistPage() {
  const slug = useParams().slug ?? "";
  const worklist = useQuery(worklistQuery(slug));
  if (worklist.isPending) {
    return (
      <div className="rr-worklist">
        <WorklistSkeleton />
      </div>
    );
  }
  if (worklist.isError && worklist.data === undefined) {
    return <ErrorState error={worklist.error} onRetry={() => void worklist.refetch()} />;
  }
  const { study, sessions, next } = worklist.data;
  return (
    <Stack gap="lg" className="rr-worklist">
      <title>{`${study.title} · Reading Room`}</title>
      <Title order={1}>{study.title}</Title>
      <TurnCard worklist={worklist.data} onStale={() => void worklist.refetch()} />
      {sessions.length === 0 ? (
        <EmptyState title="No sessions yet">
          Your sessions appear here once the protocol is frozen.
        </EmptyState>
      ) : (
        <SessionSteps worklist={worklist.data} />
      )}
      {next.status !== "locked" && next.status !== "not_frozen" && (
        <Corrections worklist={worklist.data} onChanged={() => void worklist.refetch()} />
      )}
      {study.instructions !== "" && (
        <section aria-labelledby="instructions-title">
          <Title order={3} id="instructions-title" mb={6}>
            Instructions
          </Title>
          <Text size="sm" c="dimmed" maw="70ch" className="rr-instructions">
            {study.instructions}
          </Text>
        </section>
      )}
    </Stack>
  );
}
