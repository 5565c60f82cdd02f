import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Instant } from "../../../shared/components/Instant";
import { Refusal } from "../../../shared/components/Refusal";
import { type AnalysisRun, runsQuery, startRun } from "../api/analysis-runs";
import { supplementsQuery } from "../api/supplements";
import { formProblems, levelOf, type RunForm, runText, SET_TEXT, STATE_TEXT } from "../model/run-text";
import type { ResultsSource } from "../model/source";
import { TableFrame } from "./analysis/TableFrame";

const DEFAULT_SEED = "20260101";

interface RunPanelProps {
  id: string;
  source: ResultsSource;
  runs: readonly AnalysisRun[];
  run: AnalysisRun | null;
  onDone: () => void;
}

function firstForm(run: AnalysisRun | null): RunForm {
  return {
    analysis_set: run?.analysis_set ?? "as-read",
    level: run === null ? "95" : String(Number((100 * run.level).toFixed(4))),
    seed: run === null ? DEFAULT_SEED : String(run.seed),
    supplement: run?.supplement?.id ?? "",
  };
}

function AgainForm({ source, run, onDone }: Omit<RunPanelProps, "id" | "runs">) {
  const [form, setForm] = useState(() => firstForm(run));
  const [isChecked, setIsChecked] = useState(false);
  const [, setSearch] = useSearchParams();
  const queryClient = useQueryClient();
  const problems = formProblems(form);
  const isStudy = source.kind === "study";
  const added = useQuery({ ...supplementsQuery(source), enabled: isStudy }).data?.supplements ?? [];
  const start = useMutation({
    mutationFn: () =>
      startRun(source, {
        analysis_set: form.analysis_set,
        level: levelOf(form.level),
        seed: Number(form.seed),
        ...(isStudy ? { supplement: form.supplement || null } : {}),
      }),
    onSuccess: async (asked) => {
      await queryClient.invalidateQueries({ queryKey: runsQuery(source).queryKey, exact: true });
      setSearch({ run: asked.id });
      onDone();
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsChecked(true);
    if (problems.level === undefined && problems.seed === undefined) start.mutate();
  }

  return (
    <form onSubmit={submit} className="rr-run-form" aria-label="Analyze again" noValidate>
      <NativeSelect
        label="Analysis set"
        data={Object.entries(SET_TEXT).map(([value, label]) => ({ value, label }))}
        value={form.analysis_set}
        onChange={(event) =>
          setForm({
            ...form,
            analysis_set: event.currentTarget.value === "per-protocol" ? "per-protocol" : "as-read",
          })
        }
      />
      <TextInput
        label="Confidence level (%)"
        inputMode="decimal"
        value={form.level}
        error={isChecked && problems.level}
        onChange={(event) => setForm({ ...form, level: event.currentTarget.value })}
      />
      <TextInput
        label="Seed"
        inputMode="numeric"
        value={form.seed}
        error={isChecked && problems.seed}
        onChange={(event) => setForm({ ...form, seed: event.currentTarget.value })}
      />
      {added.length > 0 && (
        <NativeSelect
          label="Supplement"
          value={form.supplement}
          data={[
            { value: "", label: "None" },
            ...added.map(({ id, number, reason }) => ({ value: id, label: `${number}: ${reason}` })),
          ]}
          onChange={(event) => setForm({ ...form, supplement: event.currentTarget.value })}
        />
      )}
      <Button type="submit" loading={start.isPending}>
        Analyze again
      </Button>
      {start.isError && <Refusal error={start.error} fallback="The analysis could not be asked for." />}
    </form>
  );
}

/** All runs, and a form for one more. */
export default function RunPanel({ id, source, runs, run, onDone }: RunPanelProps) {
  return (
    <div className="rr-run-panel" id={id}>
      <AgainForm source={source} run={run} onDone={onDone} />
      {runs.length > 0 && (
        <TableFrame className="rr-table-frame" label="Analyses">
          <table className="rr-run-table" aria-label={`Analyses of this ${source.kind}`}>
            <thead>
              <tr>
                <th scope="col">Analysis</th>
                <th scope="col">State</th>
                <th scope="col">Asked</th>
                <th scope="col">By</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((one) => (
                <tr key={one.id} aria-current={one.id === run?.id ? "true" : undefined}>
                  <th scope="row" className={one.id === run?.id ? "rr-run-chosen" : undefined}>
                    <Link to={{ search: `?run=${one.id}` }} onClick={onDone}>
                      {runText(one)}
                    </Link>
                    {one.is_default && <span className="rr-kind"> standard</span>}
                  </th>
                  <td>
                    {STATE_TEXT[one.state]}
                    {one.error !== null && <span className="rr-kind">: {one.error}</span>}
                  </td>
                  <td>
                    <Instant iso={one.asked_at} />
                  </td>
                  <td>{one.asked_by ?? "the lock"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </div>
  );
}
