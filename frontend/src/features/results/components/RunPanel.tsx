import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Instant } from "../../../shared/components/Instant";
import { Refusal } from "../../../shared/components/Refusal";
import { type AnalysisRun, runsQuery, startRun } from "../api/analysis-runs";
import { formProblems, levelOf, type RunForm, runText, SET_TEXT, STATE_TEXT } from "../model/run-text";
import { TableFrame } from "./analysis/TableFrame";

const DEFAULT_SEED = "20260101";

interface RunPanelProps {
  id: string;
  slug: string;
  runs: readonly AnalysisRun[];
  run: AnalysisRun | null;
  onDone: () => void;
}

function firstForm(run: AnalysisRun | null): RunForm {
  return {
    analysis_set: run?.analysis_set ?? "as-read",
    level: run === null ? "95" : String(Number((100 * run.level).toFixed(4))),
    seed: run === null ? DEFAULT_SEED : String(run.seed),
  };
}

function AgainForm({ slug, run, onDone }: Omit<RunPanelProps, "id" | "runs">) {
  const [form, setForm] = useState(() => firstForm(run));
  const [isChecked, setIsChecked] = useState(false);
  const [, setSearch] = useSearchParams();
  const queryClient = useQueryClient();
  const problems = formProblems(form);
  const start = useMutation({
    mutationFn: () =>
      startRun(slug, {
        analysis_set: form.analysis_set,
        level: levelOf(form.level),
        seed: Number(form.seed),
      }),
    onSuccess: async (asked) => {
      await queryClient.invalidateQueries({ queryKey: runsQuery(slug).queryKey, exact: true });
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
      <Button type="submit" loading={start.isPending}>
        Analyze again
      </Button>
      {start.isError && <Refusal error={start.error} fallback="The analysis could not be asked for." />}
    </form>
  );
}

/** All runs of the study, and a form for one more. */
export function RunPanel({ id, slug, runs, run, onDone }: RunPanelProps) {
  return (
    <div className="rr-run-panel" id={id}>
      <AgainForm slug={slug} run={run} onDone={onDone} />
      {runs.length > 0 && (
        <TableFrame className="rr-table-frame" label="Analyses">
          <table className="rr-run-table" aria-label="Analyses of this study">
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
