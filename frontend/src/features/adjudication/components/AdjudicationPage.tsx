import { Button, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconClockHour4, IconLock, IconPlayerPlay, IconScale } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import { ApiError } from "../../../shared/api/client";
import { ErrorState } from "../../../shared/components/PageStates";
import { Refusal } from "../../../shared/components/Refusal";
import { openNext } from "../api/open-next";
import { type AdjudicationWorklist, worklistQuery } from "../api/worklist";
import { MODE_TEXTS, workText } from "../model/words";
import "./adjudication.css";

const ICONS = {
  open: IconScale,
  nothing_now: IconCircleCheck,
  not_frozen: IconClockHour4,
  locked: IconLock,
  no_adjudication: IconScale,
} as const;

/** `/adjudicate/:slug` */
export default function AdjudicationPage() {
  const slug = useParams().slug ?? "";
  const worklist = useQuery(worklistQuery(slug));
  if (worklist.isPending) {
    return (
      <Stack gap="lg" className="rr-adjudication" aria-busy="true">
        <Skeleton h={31} w={360} animate={false} />
        <Skeleton h={112} animate={false} />
        <Skeleton h={84} animate={false} />
      </Stack>
    );
  }
  if (worklist.isError && worklist.data === undefined) {
    return <ErrorState error={worklist.error} onRetry={() => void worklist.refetch()} />;
  }
  const { study, mode, settled } = worklist.data;
  return (
    <Stack gap="lg" className="rr-adjudication">
      <title>{`Adjudication · ${study.title} · Reading Room`}</title>
      <Title order={1}>{study.title}</Title>
      <WorkCard worklist={worklist.data} onStale={() => void worklist.refetch()} />
      <dl className="rr-adjudication-facts">
        {mode !== null && (
          <>
            <dt>Your part</dt>
            <dd>{MODE_TEXTS[mode]}</dd>
          </>
        )}
        <dt>{mode === "consensus" ? "Recorded by you" : "Settled by you"}</dt>
        <dd>{settled}</dd>
        <dt>Blinding</dt>
        <dd>You see the readings without names, arms or times, in an order drawn for each case.</dd>
      </dl>
    </Stack>
  );
}

function WorkCard({ worklist, onStale }: { worklist: AdjudicationWorklist; onStale: () => void }) {
  const navigate = useNavigate();
  const { study, status } = worklist;
  const text = workText(worklist);
  const Icon = ICONS[status];
  const open = useMutation({
    mutationFn: () => openNext(study.slug),
    onSuccess: (itemId) => navigate(`/adjudicate/${study.slug}/item/${itemId}`),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) onStale();
    },
  });
  return (
    <Paper
      withBorder
      p="xl"
      component="section"
      aria-labelledby="work-title"
      className="rr-adjudication-turn"
    >
      <span className="rr-adjudication-icon" data-status={status}>
        <Icon size={28} stroke={1.5} aria-hidden />
      </span>
      <div>
        <Title order={2} id="work-title">
          {text.title}
        </Title>
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
        <div className="rr-adjudication-error">
          <Refusal error={open.error} fallback="The case could not be opened. Please try again." />
        </div>
      )}
    </Paper>
  );
}
