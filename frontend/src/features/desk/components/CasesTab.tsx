import { Badge, Button, Progress, Skeleton, Stack, Table, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { Refusal } from "../../../shared/components/Refusal";
import { casesQuery, type DeskCase, type DeskSeries, type PredictionState } from "../api/get-cases";
import type { DeskStudy } from "../api/get-study";
import { queuePredictions } from "../api/queue-predictions";
import {
  canRunModel,
  casesText,
  countPredictions,
  matrixText,
  runModelLabel,
  spacingText,
} from "../model/case-text";
import { useDeskStudy } from "./use-desk-study";

const STATUS_TEXT: Readonly<Record<PredictionState["status"], string>> = {
  none: "Not run",
  queued: "Queued",
  running: "Running",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

function PredictionCell({ prediction, number }: { prediction: PredictionState; number: string }) {
  const { status, progress, reason } = prediction;
  return (
    <div className={`rr-prediction rr-prediction-${status}`}>
      <span>{STATUS_TEXT[status]}</span>
      {status === "running" && (
        <Progress.Root size="sm" w={90}>
          <Progress.Section value={100 * progress} aria-label={`Model on case ${number}`} />
        </Progress.Root>
      )}
      {status === "running" && <span className="rr-num">{Math.round(100 * progress)}%</span>}
      {reason !== "" && (
        <Text size="xs" c="dimmed" className="rr-reason">
          {reason}
        </Text>
      )}
    </div>
  );
}

function WarningsCell({ series }: { series: DeskSeries }) {
  if (series.warnings.length === 0) return <>–</>;
  return (
    <Tooltip label={series.warnings.map((one) => one.reason).join(" ")} maw={420}>
      <button type="button" className="rr-warnings">
        <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
        {series.warnings.length} warning{series.warnings.length === 1 ? "" : "s"}
      </button>
    </Tooltip>
  );
}

function CaseRows({ one, hasModel }: { one: DeskCase; hasModel: boolean }) {
  const span = Math.max(1, one.series.length);
  const rows: (DeskSeries | null)[] = one.series.length === 0 ? [null] : one.series;
  return (
    <Table.Tbody>
      {rows.map((series, index) => (
        <Table.Tr key={series === null ? "none" : `${series.title}/${index}`}>
          {index === 0 && (
            <>
              <Table.Th scope="rowgroup" rowSpan={span} className="rr-case-number">
                {one.number}
                {one.synthetic && (
                  <Badge
                    variant="default"
                    radius="sm"
                    size="sm"
                    tt="none"
                    fw={500}
                    ml={8}
                    className="rr-phase"
                  >
                    Synthetic
                  </Badge>
                )}
              </Table.Th>
              <Table.Td rowSpan={span}>{one.center}</Table.Td>
            </>
          )}
          <Table.Td>{series === null ? "No series" : series.title}</Table.Td>
          <Table.Td className="rr-num">{series === null ? "–" : matrixText(series)}</Table.Td>
          <Table.Td className="rr-num">{series === null ? "–" : spacingText(series)}</Table.Td>
          <Table.Td>{series === null ? "–" : <WarningsCell series={series} />}</Table.Td>
          {index === 0 && (
            <>
              <Table.Td rowSpan={span} className="rr-num">
                {one.masks}
              </Table.Td>
              {hasModel && (
                <Table.Td rowSpan={span}>
                  <PredictionCell prediction={one.prediction} number={one.number} />
                </Table.Td>
              )}
            </>
          )}
        </Table.Tr>
      ))}
    </Table.Tbody>
  );
}

function RunModel({ study, cases }: { study: DeskStudy; cases: DeskCase[] }) {
  const queryClient = useQueryClient();
  const counts = countPredictions(cases);
  const run = useMutation({
    mutationFn: () => queuePredictions(study.slug),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: casesQuery(study.slug).queryKey }),
  });
  return (
    <>
      <Button
        leftSection={<IconPlayerPlay size={16} stroke={1.75} aria-hidden />}
        loading={run.isPending}
        disabled={!canRunModel(counts)}
        onClick={() => run.mutate()}
      >
        {runModelLabel(counts)}
      </Button>
      {run.isError && (
        <div className="rr-toolbar-message">
          <Refusal error={run.error} fallback="The model could not be queued." />
        </div>
      )}
    </>
  );
}

function PredictionSummary({ cases }: { cases: DeskCase[] }) {
  const { done, underWay, failed } = countPredictions(cases);
  return (
    <Text size="sm" c="dimmed" className="rr-tabular" role="status">
      Model: {done} of {cases.length} done
      {underWay > 0 && `, ${underWay} under way`}
      {failed > 0 && `, ${failed} failed`}
    </Text>
  );
}

function CasesTable({ cases, hasModel }: { cases: DeskCase[]; hasModel: boolean }) {
  return (
    <div className="rr-table-frame">
      <Table verticalSpacing="xs" horizontalSpacing="md" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Case</Table.Th>
            <Table.Th scope="col">Center</Table.Th>
            <Table.Th scope="col">Series</Table.Th>
            <Table.Th scope="col" className="rr-num">
              Slices × rows × columns
            </Table.Th>
            <Table.Th scope="col" className="rr-num">
              Spacing (mm)
            </Table.Th>
            <Table.Th scope="col">Warnings</Table.Th>
            <Table.Th scope="col" className="rr-num">
              Masks
            </Table.Th>
            {hasModel && (
              <Table.Th scope="col" w={220}>
                Model
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        {cases.map((one) => (
          <CaseRows key={one.number} one={one} hasModel={hasModel} />
        ))}
      </Table>
    </div>
  );
}

export default function CasesTab() {
  const study = useDeskStudy();
  const cases = useQuery(casesQuery(study.slug));
  const hasModel = study.sessions.some((session) => session.model_ids.length > 0);
  if (cases.isPending) {
    return (
      <Stack gap="md" aria-busy="true">
        <Skeleton h={36} w={320} animate={false} />
        <Skeleton h={420} animate={false} />
      </Stack>
    );
  }
  if (cases.data === undefined) {
    return <ErrorState error={cases.error} onRetry={() => void cases.refetch()} />;
  }
  if (cases.data.length === 0) {
    return (
      <EmptyState title="No cases yet">
        Import DICOM folders or archives with <code>manage.py import_cases</code>, or add cases of your other
        studies in the design. They appear here.
      </EmptyState>
    );
  }
  return (
    <>
      <div className="rr-toolbar">
        <div>
          <Text fw={550} className="rr-tabular">
            {casesText(cases.data)}
          </Text>
          {hasModel && <PredictionSummary cases={cases.data} />}
        </div>
        {hasModel && study.permissions.predictions && <RunModel study={study} cases={cases.data} />}
      </div>
      <CasesTable cases={cases.data} hasModel={hasModel} />
    </>
  );
}
