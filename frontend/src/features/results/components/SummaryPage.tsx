import { Badge, Button, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "../../../shared/components/PageStates";
import { type Results, resultsQuery } from "../api/get-results";
import { RESULT_FILES, resultFileUrl } from "../api/result-files";
import { comparisonsOf } from "../model/tables";
import { Agreement } from "./Agreement";
import { AucTable } from "./AucTable";
import { ComparisonTable } from "./ComparisonTable";
import { Deviations } from "./Deviations";
import { Methods } from "./Methods";
import { Notes } from "./Notes";
import { OperatingPoints } from "./OperatingPoints";
import { RocFigure } from "./RocFigure";
import "./results.css";

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="rr-section">
      <Title order={2} id={id}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Summary({ results }: { results: Results }) {
  const { is_rated, n_cases, n_positive, n_negative, n_without_truth, readers, positive_class } = results;
  return (
    <div className="rr-results-summary">
      {results.is_synthetic && (
        <Badge variant="default" radius="sm" tt="none" fw={550} className="rr-synthetic">
          Synthetic demonstration data
        </Badge>
      )}
      <Text size="sm" className="rr-tabular">
        {n_cases} cases
        {is_rated && `: ${n_positive} positive (${positive_class}), ${n_negative} negative`}
        {is_rated && n_without_truth > 0 && `, ${n_without_truth} without reference standard`}.{" "}
        {readers.length} reader
        {readers.length === 1 ? "" : "s"}.
      </Text>
    </div>
  );
}

function Downloads({ slug, isRated }: { slug: string; isRated: boolean }) {
  return (
    <ul className="rr-downloads" aria-label="Downloads">
      <li className="rr-downloads-icon" aria-hidden>
        <IconDownload size={16} stroke={1.5} /> Download
      </li>
      {RESULT_FILES.filter((file) => isRated || !file.isOfRating).map((file) => (
        <li key={file.name}>
          <Button
            component="a"
            href={resultFileUrl(slug, file.name)}
            download
            variant="default"
            size="compact-sm"
            fw={500}
          >
            {file.label} <span className="rr-format">{file.format}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Comparisons({ results }: { results: Results }) {
  const arms = comparisonsOf(results, "arms");
  const model = comparisonsOf(results, "reader_vs_model");
  return (
    <>
      {arms.length > 0 && <ComparisonTable label="Between arms" comparisons={arms} level={results.level} />}
      {model.length > 0 && (
        <ComparisonTable label="Against the model" comparisons={model} level={results.level} />
      )}
      {arms.length + model.length === 0 && (
        <Text size="sm" c="dimmed">
          There is nothing to compare: one arm, and no model.
        </Text>
      )}
    </>
  );
}

function Performance({ results }: { results: Results }) {
  return (
    <>
      <Section id="roc-title" title="ROC curves">
        <RocFigure results={results} />
      </Section>
      <Section id="auc-title" title="Area under the curve">
        <AucTable results={results} />
        <Notes results={results} />
      </Section>
      <Section id="comparisons-title" title="Paired comparisons">
        <Comparisons results={results} />
      </Section>
      <Section id="points-title" title="Operating points">
        <OperatingPoints results={results} />
      </Section>
    </>
  );
}

/** The main results at a glance, as they are computed from the frozen reads. */
export function SummaryPage({ slug }: { slug: string }) {
  const results = useQuery(resultsQuery(slug));
  if (results.isPending) {
    return (
      <Stack gap="lg" aria-busy="true">
        <Skeleton h={24} w={420} animate={false} />
        <Skeleton h={30} animate={false} />
        <Skeleton h={520} animate={false} />
      </Stack>
    );
  }
  if (results.data === undefined) {
    return <ErrorState error={results.error} onRetry={() => void results.refetch()} />;
  }
  return (
    <div className="rr-results">
      <Summary results={results.data} />
      <Downloads slug={slug} isRated={results.data.is_rated} />
      {results.data.is_rated ? (
        <Performance results={results.data} />
      ) : (
        <Text size="sm" c="dimmed">
          The form has no rating that is compared with a reference standard, so there are no ROC curves.
        </Text>
      )}
      <Section id="agreement-title" title="Agreement">
        <Agreement results={results.data} />
      </Section>
      <Section id="deviations-title" title="Deviations from the protocol">
        <Deviations results={results.data} />
      </Section>
      <Section id="methods-title" title="Methods and provenance">
        <Methods results={results.data} />
      </Section>
    </div>
  );
}
