import { Button, Skeleton, Stack, Title } from "@mantine/core";
import { IconFileTypePdf, IconFileTypeZip, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "../../../../shared/components/PageStates";
import { type AnalysisFile, analysisFileUrl, filesQuery } from "../../api/analysis-runs";
import { fileGroups, formatBytes } from "../../model/files";
import type { ResultsSource } from "../../model/source";
import { TableFrame } from "./TableFrame";

const MAIN = [
  { path: "report.pdf", label: "Report, PDF", icon: IconFileTypePdf },
  { path: "report.html", label: "Report, HTML", icon: IconWorld },
  { path: "analysis.zip", label: "Everything, ZIP", icon: IconFileTypeZip },
] as const;

interface FilesPageProps {
  source: ResultsSource;
  run: string;
}

function FileRow({ file, source, run }: { file: AnalysisFile } & FilesPageProps) {
  return (
    <tr>
      <th scope="row">
        <a href={analysisFileUrl(source, run, file.path)} download={file.path.split("/").at(-1)}>
          {file.path}
        </a>
      </th>
      <td className="rr-cell-num">{formatBytes(file.bytes)}</td>
      <td className="rr-sha-cell">
        <code className="rr-sha">{file.sha256}</code>
      </td>
    </tr>
  );
}

/** Everything that the run wrote, to be downloaded and checked. */
export function FilesPage({ source, run }: FilesPageProps) {
  const files = useQuery(filesQuery(source, run));
  if (files.data === undefined) {
    if (files.isError) return <ErrorState error={files.error} onRetry={() => void files.refetch()} />;
    return (
      <Stack gap="lg" aria-busy="true">
        <Skeleton h={28} w={320} animate={false} />
        <Skeleton h={420} animate={false} />
      </Stack>
    );
  }
  const sizes = new Map(files.data.map((file) => [file.path, file.bytes]));
  return (
    <article className="rr-section-page" aria-labelledby="section-title">
      <Title order={2} id="section-title">
        Files
      </Title>
      <ul className="rr-downloads" aria-label="Main downloads">
        {MAIN.filter(({ path }) => sizes.has(path)).map(({ path, label, icon: Icon }) => (
          <li key={path}>
            <Button
              component="a"
              href={analysisFileUrl(source, run, path)}
              download={path}
              variant="default"
              leftSection={<Icon size={18} stroke={1.5} aria-hidden />}
            >
              {label} <span className="rr-format">{formatBytes(sizes.get(path) ?? 0)}</span>
            </Button>
          </li>
        ))}
      </ul>
      <p className="rr-paragraph">
        The digests are those of SHA256SUMS in the ZIP. The same dataset, level and seed give the same files,
        byte for byte.
      </p>
      {fileGroups(files.data).map((group) => (
        <details key={group.folder} className="rr-file-group" open={group.files.length <= 12}>
          <summary>
            {group.title} <span className="rr-kind">{group.files.length}</span>
          </summary>
          <TableFrame label={group.title}>
            <table aria-label={group.title}>
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
                {group.files.map((file) => (
                  <FileRow key={file.path} file={file} source={source} run={run} />
                ))}
              </tbody>
            </table>
          </TableFrame>
        </details>
      ))}
    </article>
  );
}
