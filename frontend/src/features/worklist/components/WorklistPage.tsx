import { Button, Paper, Skeleton, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconBook2, IconCircleCheck, IconClockHour4, IconLock, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { ApiError } from "../../../shared/api/client";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { Refusal } from "../../../shared/components/Refusal";
import { formatUtc } from "../../../shared/lib/dates";
import { type NextTurn, type Worklist, worklistQuery } from "../api/get-worklist";
import { openNext } from "../api/open-next";
import { turnText } from "../model/turn";
import { SessionSteps } from "./SessionSteps";
import "./worklist.css";

/** The time, twice a minute: "in 13 days" stays true, and a turn that opens is asked for again. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}

const TURN_ICONS = {
  open: IconBook2,
  waiting: IconClockHour4,
  complete: IconCircleCheck,
  not_frozen: IconClockHour4,
  locked: IconLock,
} as const;

function turnTooltip(next: NextTurn): string {
  return next.opens_at === null ? "" : `${formatUtc(next.opens_at)}. The time shown is your local time.`;
}

function TurnCard({ worklist, onStale }: { worklist: Worklist; onStale: () => void }) {
  const navigate = useNavigate();
  const { study, next } = worklist;
  const text = turnText(worklist, useNow());
  const Icon = TURN_ICONS[next.status];
  const open = useMutation({
    mutationFn: () => openNext(study.slug),
    onSuccess: (readId) => navigate(`/read/${study.slug}/case/${readId}`),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) onStale();
    },
  });
  return (
    <Paper withBorder p="xl" component="section" aria-labelledby="turn-title" className="rr-turn">
      <span className={`rr-turn-icon rr-turn-${next.status}`}>
        <Icon size={28} stroke={1.5} aria-hidden />
      </span>
      <div className="rr-turn-words">
        <Tooltip label={turnTooltip(next)} disabled={next.status !== "waiting" || next.opens_at === null}>
          <Title order={2} id="turn-title" tabIndex={next.status === "waiting" ? 0 : undefined}>
            {text.title}
          </Title>
        </Tooltip>
        <Text c="dimmed" size="sm" mt={4}>
          {text.detail}
        </Text>
      </div>
      {text.action !== null && (
        <Button
          size="md"
          leftSection={<IconPlayerPlay size={18} stroke={1.75} aria-hidden />}
          loading={open.isPending}
          onClick={() => open.mutate()}
        >
          {text.action}
        </Button>
      )}
      {open.isError && (
        <div className="rr-turn-error">
          <Refusal error={open.error} fallback="The case could not be opened. Please try again." />
        </div>
      )}
    </Paper>
  );
}

function WorklistSkeleton() {
  return (
    <Stack gap="lg" aria-busy="true">
      <Skeleton h={31} w={360} animate={false} />
      <Skeleton h={112} animate={false} />
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
  const { study, sessions } = worklist.data;
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
        <SessionSteps sessions={sessions} current={worklist.data.next.session_ordinal} />
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
