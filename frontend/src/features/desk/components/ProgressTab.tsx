import { Progress, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Instant } from "../../../shared/components/Instant";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { formatDuration } from "../../../shared/lib/dates";
import { progressQuery, type SessionProgress, type StudyProgress } from "../api/get-progress";
import type { DeskStudy } from "../api/get-study";
import { attemptTitle, endOfReading } from "../model/progress";
import { AdjudicationCounts } from "./AdjudicationCounts";
import { useDeskStudy } from "./use-desk-study";

function percent(submitted: number, total: number): number {
  return total === 0 ? 0 : (100 * submitted) / total;
}

function StatusCell({ cell, end }: { cell: SessionProgress; end: string | null }) {
  if (end !== null) return <span className="rr-status">{end}</span>;
  switch (cell.status) {
    case "complete":
      return <span className="rr-status rr-status-ok">Complete</span>;
    case "open":
      return (
        <span className="rr-status rr-status-open">{cell.submitted === 0 ? "Ready" : "In progress"}</span>
      );
    case "waiting":
      return (
        <span className="rr-status rr-status-wait">
          {cell.opens_at === null ? (
            "Waiting"
          ) : (
            <>
              Opens <Instant iso={cell.opens_at} withRelative />
            </>
          )}
        </span>
      );
    case "to_sign":
      return <span className="rr-status rr-status-wait">To be signed</span>;
    case "failed":
      return <span className="rr-status rr-status-wait">Training not passed</span>;
    case "not_open":
      return <span className="rr-status">Not open yet</span>;
  }
}

function barColor({ status }: SessionProgress, end: string | null): string | undefined {
  if (end !== null || status === "failed") return "var(--rr-text-dim)";
  return status === "complete" ? "var(--rr-ok)" : undefined;
}

function SessionRow({
  cell,
  title,
  end,
  name,
  span,
}: {
  cell: SessionProgress;
  title: string;
  /** Why no more is read here, though not all is read; null where reading goes on or is complete. */
  end: string | null;
  name: string;
  span: number;
}) {
  return (
    <Table.Tr>
      {span > 0 && (
        <Table.Th scope="rowgroup" rowSpan={span} className="rr-reader-name">
          {name}
        </Table.Th>
      )}
      <Table.Td>{title}</Table.Td>
      <Table.Td>
        <div className="rr-bar">
          <Progress.Root size="sm">
            <Progress.Section
              value={percent(cell.submitted, cell.total)}
              aria-label={`${name}, ${title}: ${cell.submitted} of ${cell.total} submitted`}
              color={barColor(cell, end)}
            />
          </Progress.Root>
          <span className="rr-num">
            {cell.submitted} / {cell.total}
          </span>
        </div>
      </Table.Td>
      <Table.Td>
        <StatusCell cell={cell} end={end} />
      </Table.Td>
      <Table.Td>{cell.last_submitted_at === null ? "–" : <Instant iso={cell.last_submitted_at} />}</Table.Td>
      <Table.Td className="rr-num">{formatDuration(cell.median_active_s)}</Table.Td>
    </Table.Tr>
  );
}

function ReaderTable({ progress, study }: { progress: StudyProgress; study: DeskStudy }) {
  const titles = new Map(study.sessions.map((one) => [one.ordinal, `${one.title}: ${one.arms.join(", ")}`]));
  return (
    <div className="rr-table-frame">
      <Table verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Reader</Table.Th>
            <Table.Th scope="col">Session</Table.Th>
            <Table.Th scope="col" w={260}>
              Reads submitted
            </Table.Th>
            <Table.Th scope="col">Status</Table.Th>
            <Table.Th scope="col">Last activity</Table.Th>
            <Table.Th scope="col" className="rr-num">
              Median active time
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        {progress.readers.map((reader) => (
          <Table.Tbody key={reader.name}>
            {reader.sessions.map((cell, index) => (
              <SessionRow
                // A training that was not passed is begun again under the same ordinal; the list never reorders.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                key={index}
                cell={cell}
                name={reader.is_withdrawn ? `${reader.name} (left the study)` : reader.name}
                title={titles.get(cell.ordinal) ?? attemptTitle(reader.sessions, index)}
                end={endOfReading(reader, index, study.phase)}
                span={index === 0 ? reader.sessions.length : 0}
              />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </div>
  );
}

function Totals({ progress }: { progress: StudyProgress }) {
  const { submitted, total } = progress.totals;
  return (
    <section className="rr-totals" aria-label="All readers">
      <Text fw={550} className="rr-tabular">
        {submitted} of {total} reads submitted
      </Text>
      <Progress.Root size="md" className="rr-totals-bar">
        <Progress.Section
          value={percent(submitted, total)}
          aria-label={`${submitted} of ${total} reads submitted`}
        />
      </Progress.Root>
      {progress.blinded_note !== "" && (
        <Text size="sm" c="dimmed" className="rr-blinded">
          <IconEyeOff size={16} stroke={1.5} aria-hidden /> {progress.blinded_note}
        </Text>
      )}
    </section>
  );
}

export default function ProgressTab() {
  const study = useDeskStudy();
  const progress = useQuery(progressQuery(study.slug));
  if (progress.isPending) {
    return (
      <Stack gap="md" aria-busy="true">
        <Skeleton h={62} animate={false} />
        <Skeleton h={240} animate={false} />
      </Stack>
    );
  }
  if (progress.data === undefined) {
    return <ErrorState error={progress.error} onRetry={() => void progress.refetch()} />;
  }
  if (progress.data.readers.length === 0 || progress.data.totals.total === 0) {
    return (
      <EmptyState title="No reads yet">
        {study.phase === "DESIGN"
          ? "Progress appears here once the protocol is frozen and every reader has a case order."
          : "No reader is enrolled in this study."}
      </EmptyState>
    );
  }
  return (
    <Fragment>
      <Totals progress={progress.data} />
      {progress.data.adjudication !== null && <AdjudicationCounts progress={progress.data.adjudication} />}
      <ReaderTable progress={progress.data} study={study} />
    </Fragment>
  );
}
