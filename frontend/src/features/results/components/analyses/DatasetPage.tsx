import { Badge, Skeleton, Stack, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { Instant } from "../../../../shared/components/Instant";
import { ErrorState } from "../../../../shared/components/PageStates";
import { type DatasetWithFiles, datasetQuery } from "../../api/datasets";
import { formatBytes } from "../../model/files";
import { datasetSource } from "../../model/source";
import { TableFrame } from "../analysis/TableFrame";
import { ResultsPage } from "../ResultsPage";
import { DeleteDataset } from "./DeleteDataset";
import "./analyses.css";

function Fact({ label, value }: { label: string; value: number | string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What was given, file by file. */
function DatasetSummary({ dataset }: { dataset: DatasetWithFiles }) {
  return (
    <article className="rr-section-page" aria-labelledby="section-title">
      <Title order={2} id="section-title">
        The dataset
      </Title>
      <dl className="rr-facts-list">
        <Fact label="Cases" value={dataset.cases} />
        <Fact label="Readers" value={dataset.readers} />
        <Fact label="Models" value={dataset.models} />
        <Fact label="SHA-256 of the content" value={dataset.content_sha256} />
      </dl>
      <TableFrame className="rr-table-frame" label="Files">
        <table className="rr-run-table" aria-label="Files of the dataset">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col" className="rr-cell-num">
                Size
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {dataset.files.map((file) => (
              <tr key={file.path}>
                <th scope="row">{file.path}</th>
                <td className="rr-cell-num">{formatBytes(file.bytes)}</td>
                <td className="rr-sha-cell">
                  <code className="rr-sha">{file.sha256}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </article>
  );
}

function DatasetHeader({ dataset }: { dataset: DatasetWithFiles }) {
  return (
    <header className="rr-dataset-header">
      <Link to="/desk/analyses" className="rr-dataset-back">
        <IconArrowLeft size={16} stroke={1.75} aria-hidden /> Analyses
      </Link>
      <div className="rr-dataset-title">
        <Title order={1}>{dataset.title}</Title>
        {dataset.is_synthetic && (
          <Badge variant="default" radius="sm" tt="none" fw={550} className="rr-synthetic">
            Synthetic demonstration data
          </Badge>
        )}
        <DeleteDataset dataset={dataset} />
      </div>
      <p className="rr-run-when">
        {dataset.source === "upload" ? "Uploaded" : "Demonstration, taken"} <Instant iso={dataset.given_at} />
      </p>
    </header>
  );
}

/** `/desk/analyses/:id/:section?` */
export default function DatasetPage() {
  const id = useParams().id ?? "";
  const dataset = useQuery(datasetQuery(id));
  if (dataset.data === undefined) {
    if (dataset.isError) {
      return <ErrorState error={dataset.error} onRetry={() => void dataset.refetch()} />;
    }
    return (
      <Stack gap="lg" aria-busy="true">
        <Skeleton h={72} w={520} animate={false} />
        <Skeleton h={420} animate={false} />
      </Stack>
    );
  }
  return (
    <div className="rr-dataset">
      <title>{`${dataset.data.title} · Reading Room`}</title>
      <DatasetHeader dataset={dataset.data} />
      <ResultsPage source={datasetSource(id)} summary={<DatasetSummary dataset={dataset.data} />} />
    </div>
  );
}
