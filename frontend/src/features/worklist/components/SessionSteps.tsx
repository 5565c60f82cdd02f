import { Progress, Text, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { formatUtc } from "../../../shared/lib/dates";
import type { NextTurn, Worklist, WorklistSession } from "../api/get-worklist";
import { sessionNote, sessionOfTurn, sessionStatusText } from "../model/turn";

interface StepProps {
  session: WorklistSession;
  note: string;
  turn: NextTurn["status"];
  isCurrent: boolean;
}

function barColor({ status, is_passed }: WorklistSession, turn: NextTurn["status"]): string | undefined {
  if (status === "failed" || is_passed === false) return "var(--rr-text-dim)";
  if (status === "complete") return "var(--rr-ok)";
  return turn === "locked" ? "var(--rr-text-dim)" : undefined;
}

function Step({ session, note, turn, isCurrent }: StepProps) {
  const share = session.total === 0 ? 0 : (100 * session.submitted) / session.total;
  const isComplete = session.status === "complete";
  return (
    <li
      className={`rr-step ${isCurrent ? "rr-step-current" : ""}`}
      aria-current={isCurrent ? "step" : undefined}
      aria-label={session.title}
    >
      <span
        className={`rr-step-mark ${isComplete && session.is_passed !== false ? "rr-step-done" : ""}`}
        aria-hidden
      >
        {isComplete && session.is_passed !== false ? (
          <IconCheck size={16} stroke={2} />
        ) : session.is_training ? (
          "T"
        ) : (
          session.ordinal
        )}
      </span>
      <div>
        <Text fw={550}>{session.title}</Text>
        {note !== "" && (
          <Text
            size="sm"
            c={session.is_aided ? undefined : "dimmed"}
            className={session.is_aided ? "rr-aided" : ""}
          >
            {note}
          </Text>
        )}
      </div>
      <Tooltip
        label={session.opens_at === null ? "" : formatUtc(session.opens_at)}
        disabled={session.opens_at === null}
      >
        <Text size="sm" c="dimmed" className="rr-step-status">
          {sessionStatusText(session, turn)}
        </Text>
      </Tooltip>
      <Progress.Root size="sm" className="rr-step-progress">
        <Progress.Section
          value={share}
          aria-label={`${session.title}: ${session.submitted} of ${session.total} cases submitted`}
          color={barColor(session, turn)}
        />
      </Progress.Root>
      <span className="rr-num rr-step-count">
        {session.submitted} / {session.total} <span className="rr-unit">cases</span>
      </span>
    </li>
  );
}

/** The reader's sessions in order, with how many cases of each are submitted. */
export function SessionSteps({ worklist }: { worklist: Worklist }) {
  const current = sessionOfTurn(worklist);
  return (
    <ol className="rr-steps" aria-label="Sessions">
      {worklist.sessions.map((session) => (
        <Step
          key={`${session.ordinal}/${session.attempt}`}
          session={session}
          note={sessionNote(session, worklist)}
          turn={worklist.next.status}
          isCurrent={session === current}
        />
      ))}
    </ol>
  );
}
