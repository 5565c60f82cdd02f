import { Button, Skeleton, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { Instant } from "../../../../shared/components/Instant";
import { EmptyState, ErrorState } from "../../../../shared/components/PageStates";
import { Refusal } from "../../../../shared/components/Refusal";
import {
  type Analyses,
  analysesQuery,
  type Dataset,
  type Demonstration,
  giveDemonstration,
} from "../../api/datasets";
import { datasetSource } from "../../model/source";
import { TableFrame } from "../analysis/TableFrame";
import { RunState } from "../RunState";
import { GiveDataset } from "./GiveDataset";
import "../analysis.css";
import "../results.css";
import "./analyses.css";

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="rr-analyses-part" aria-labelledby={id}>
      <Title order={2} id={id}>
        {title}
      </Title>
      {children}
    </section>
  );
}

interface GivenProps {
  onGiven: (dataset: Dataset) => void;
}

function Demonstrations({ demonstrations, onGiven }: Pick<Analyses, "demonstrations"> & GivenProps) {
  const give = useMutation({
    mutationFn: ({ name }: Demonstration) => giveDemonstration(name),
    onSuccess: onGiven,
  });
  return (
    <>
      <ul className="rr-demonstrations">
        {demonstrations.map((one) => (
          <li key={one.name}>
            <Title order={3}>{one.title}</Title>
            <p>{one.description}</p>
            <Button
              variant="default"
              size="compact-sm"
              loading={give.isPending && give.variables.name === one.name}
              disabled={give.isPending && give.variables.name !== one.name}
              aria-label={`Analyze ${one.title}`}
              onClick={() => give.mutate(one)}
            >
              Analyze
            </Button>
          </li>
        ))}
      </ul>
      {give.isError && <Refusal error={give.error} fallback="The demonstration could not be analyzed." />}
    </>
  );
}

function DatasetRow({ dataset }: { dataset: Dataset }) {
  const run = dataset.newest_run;
  return (
    <tr>
      <th scope="row">
        <Link to={datasetSource(dataset.id).pages}>{dataset.title}</Link>
        {dataset.is_synthetic && <span className="rr-kind"> synthetic</span>}
      </th>
      <td className="rr-cell-num">{dataset.cases}</td>
      <td className="rr-cell-num">{dataset.readers}</td>
      <td className="rr-cell-num">{dataset.models}</td>
      <td>{run === null ? <span className="rr-kind">None</span> : <RunState state={run.state} />}</td>
      <td>
        <Instant iso={dataset.given_at} />
      </td>
    </tr>
  );
}

function Datasets({ datasets }: Pick<Analyses, "datasets">) {
  if (datasets.length === 0) {
    return (
      <EmptyState title="No dataset yet">
        Give one, or analyze a demonstration: the results stand here, and nobody else sees them.
      </EmptyState>
    );
  }
  return (
    <TableFrame className="rr-table-frame" label="Your datasets">
      <table className="rr-run-table rr-datasets" aria-label="Your datasets">
        <thead>
          <tr>
            <th scope="col">Dataset</th>
            <th scope="col" className="rr-cell-num">
              Cases
            </th>
            <th scope="col" className="rr-cell-num">
              Readers
            </th>
            <th scope="col" className="rr-cell-num">
              Models
            </th>
            <th scope="col">Newest analysis</th>
            <th scope="col">Given</th>
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <DatasetRow key={dataset.id} dataset={dataset} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Loaded({ analyses, onGiven }: { analyses: Analyses } & GivenProps) {
  return (
    <>
      {analyses.may_add && (
        <div className="rr-analyses-give">
          <Part id="give-title" title="Analyze files">
            <GiveDataset onGiven={onGiven} />
          </Part>
          <Part id="demonstrations-title" title="Analyze a demonstration">
            <Demonstrations demonstrations={analyses.demonstrations} onGiven={onGiven} />
          </Part>
        </div>
      )}
      <Part id="datasets-title" title="Your datasets">
        <Datasets datasets={analyses.datasets} />
      </Part>
    </>
  );
}

/** `/desk/analyses`: datasets from outside of every study, each with its analysis. */
export default function AnalysesPage() {
  const analyses = useQuery(analysesQuery);
  const queryClient = useQueryClient();
  const navigate = useNavigate();

  async function open(dataset: Dataset) {
    await queryClient.invalidateQueries({ queryKey: analysesQuery.queryKey, exact: true });
    await navigate(datasetSource(dataset.id).pages);
  }

  return (
    <div className="rr-analyses">
      <title>Analyses · Reading Room</title>
      <div>
        <Title order={1}>Analyses</Title>
        <Text size="sm" c="dimmed" maw="82ch">
          The whole analysis of reads, reference standard and predictions that were collected elsewhere. A
          dataset is seen by the account that gave it, and by nobody else.
        </Text>
      </div>
      {analyses.data !== undefined ? (
        <Loaded analyses={analyses.data} onGiven={(dataset) => void open(dataset)} />
      ) : analyses.isError ? (
        <ErrorState error={analyses.error} onRetry={() => void analyses.refetch()} />
      ) : (
        <div aria-busy="true" className="rr-analyses">
          <Skeleton h={300} animate={false} />
          <Skeleton h={220} animate={false} />
        </div>
      )}
    </div>
  );
}
