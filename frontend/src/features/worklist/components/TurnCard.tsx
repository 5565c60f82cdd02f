import { Button, Paper, Text, Title, Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBook2,
  IconCircleCheck,
  IconClockHour4,
  IconCoffee,
  IconLock,
  IconPlayerPlay,
  IconWritingSign,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "../../../shared/api/client";
import { Refusal } from "../../../shared/components/Refusal";
import { formatUtc } from "../../../shared/lib/dates";
import type { NextTurn, Worklist } from "../api/get-worklist";
import { openNext } from "../api/open-next";
import { sessionOfTurn, turnText } from "../model/turn";

const SignDialog = lazy(() => import("./SignDialog").then((module) => ({ default: module.SignDialog })));

const TURN_ICONS = {
  open: IconBook2,
  waiting: IconClockHour4,
  break: IconCoffee,
  to_sign: IconWritingSign,
  failed: IconAlertTriangle,
  complete: IconCircleCheck,
  not_frozen: IconClockHour4,
  locked: IconLock,
} as const;

/** The time, as often as the words need it: every second while a break is counted down. */
function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return now;
}

function turnTooltip(next: NextTurn): string {
  return next.opens_at === null ? "" : `${formatUtc(next.opens_at)}. The time shown is your local time.`;
}

/** What the reader may do now, and the one button for it. The server decides; `onStale` asks it again. */
export function TurnCard({ worklist, onStale }: { worklist: Worklist; onStale: () => void }) {
  const { study, next } = worklist;
  const navigate = useNavigate();
  const [isSigning, setSigning] = useState(false);
  const [hasDialog, setHasDialog] = useState(false);
  if (isSigning && !hasDialog) setHasDialog(true);
  const text = turnText(worklist, useNow(next.status === "break" ? 1_000 : 30_000));
  const session = sessionOfTurn(worklist);
  const Icon = TURN_ICONS[next.status];
  const ActionIcon = next.status === "to_sign" ? IconWritingSign : IconPlayerPlay;
  const isTimed = next.status === "waiting" && next.opens_at !== null;
  const open = useMutation({
    mutationFn: () => openNext(study.slug),
    onSuccess: (readId) => navigate(`/read/${study.slug}/case/${readId}`),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) onStale();
    },
  });
  return (
    <Paper
      withBorder
      p="xl"
      component="section"
      aria-labelledby="turn-title"
      className="rr-turn"
      data-turn={next.status}
    >
      <span className={`rr-turn-icon rr-turn-${next.status}`}>
        <Icon size={28} stroke={1.5} aria-hidden />
      </span>
      <div className="rr-turn-words">
        <Tooltip label={turnTooltip(next)} disabled={!isTimed}>
          <Title order={2} id="turn-title" tabIndex={isTimed ? 0 : undefined}>
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
          leftSection={<ActionIcon size={18} stroke={1.75} aria-hidden />}
          loading={open.isPending}
          onClick={() => (next.status === "to_sign" ? setSigning(true) : open.mutate())}
        >
          {text.action}
        </Button>
      )}
      {open.isError && (
        <div className="rr-turn-error">
          <Refusal error={open.error} fallback="The case could not be opened. Please try again." />
        </div>
      )}
      {hasDialog && session !== undefined && session.meaning !== null && (
        <Suspense fallback={null}>
          <SignDialog
            slug={study.slug}
            session={session}
            isOpen={isSigning}
            onClose={() => setSigning(false)}
            onSigned={() => {
              setSigning(false);
              onStale();
            }}
          />
        </Suspense>
      )}
    </Paper>
  );
}
