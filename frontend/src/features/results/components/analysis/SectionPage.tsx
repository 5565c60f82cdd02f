import { Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { EmptyState } from "../../../../shared/components/PageStates";
import { type AnalysisResults, analysisResultsQuery } from "../../api/analysis-results";
import type { ReportFigure, ReportSection } from "../../api/report-content";
import type { Chart } from "../../model/charts/chart";
import { chartOfFigure, furtherCharts } from "../../model/charts/registry";
import { sentence } from "../../model/format";
import { type Nomogram, nomogramOfFigure } from "../../model/nomogram";
import { figuresOf, resultsKey, tablesOf } from "../../model/sections";
import type { ResultsSource } from "../../model/source";
import { ChartFigure } from "./ChartFigure";
import { DataTable } from "./DataTable";
import { Figures } from "./Figures";
import { NomogramFigure } from "./NomogramFigure";
import { StoredFigure } from "./StoredFigure";

interface SectionPageProps {
  source: ResultsSource;
  run: string;
  section: ReportSection;
}

interface Drawn {
  charts: ReadonlyMap<string, Chart>;
  nomograms: ReadonlyMap<string, Nomogram>;
  further: Chart[];
  labels: AnalysisResults["labels"];
}

const NONE: Drawn = { charts: new Map(), nomograms: new Map(), further: [], labels: {} };

/** The charts of a section: in the place of printed figures, and those that only the page has. */
function drawnOf(results: AnalysisResults, section: ReportSection): Drawn {
  const figures = figuresOf(section);
  const charts = new Map<string, Chart>();
  const nomograms = new Map<string, Nomogram>();
  for (const figure of figures) {
    const chart = chartOfFigure(results, figure);
    if (chart !== null) charts.set(figure.key, chart);
    const nomogram = nomogramOfFigure(results, figure);
    if (nomogram !== null) nomograms.set(figure.key, nomogram);
  }
  const further = furtherCharts(results, resultsKey(section), figures);
  return { charts, nomograms, further, labels: results.labels };
}

function Figure({
  figure,
  drawn,
  source,
  run,
}: {
  figure: ReportFigure;
  drawn: Drawn;
  source: ResultsSource;
  run: string;
}) {
  const printed = { source, run, key: figure.key };
  const nomogram = drawn.nomograms.get(figure.key);
  if (nomogram !== undefined) {
    return <NomogramFigure {...{ figure, nomogram, printed }} labels={drawn.labels} />;
  }
  const chart = drawn.charts.get(figure.key);
  if (chart === undefined) return <StoredFigure figure={figure} printed={printed} />;
  return <ChartFigure chart={{ ...chart, caption: figure.caption }} notes={figure.notes} printed={printed} />;
}

function Failures({ section }: { section: ReportSection }) {
  if (section.failures.length === 0) return null;
  return (
    <div className="rr-failures">
      <p>
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden /> Not computed
      </p>
      <ul>
        {section.failures.map((failure) => (
          <li key={failure.key}>
            {failure.title}: {sentence(failure.text)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <details className="rr-warned" open={warnings.length <= 3}>
      <summary>
        {warnings.length} {warnings.length === 1 ? "note" : "notes"} on these results
      </summary>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
}

/** What a long section holds, to go there at once. */
function Contents({ section }: { section: ReportSection }) {
  const tables = tablesOf(section);
  if (tables.length < 4) return null;
  return (
    <details className="rr-contents">
      <summary>{tables.length} tables in this section</summary>
      <ul>
        {tables.map((table) => (
          <li key={table.key}>
            <a href={`#${table.key}`}>{table.caption}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface BodyProps {
  section: ReportSection;
  drawn: Drawn;
  source: ResultsSource;
  run: string;
  depth: number;
}

function Body({ section, drawn, source, run, depth }: BodyProps) {
  return (
    <>
      {section.paragraphs.map((paragraph) => (
        <Text key={paragraph} size="sm" className="rr-paragraph">
          {paragraph}
        </Text>
      ))}
      {depth > 0 && section.not_applicable !== null && (
        <Text size="sm" c="dimmed">
          Does not apply: {section.not_applicable}
        </Text>
      )}
      <Failures section={section} />
      <Warnings warnings={section.warnings} />
      {depth === 0 && (
        <Figures
          entries={drawn.further.map((chart) => ({
            key: chart.key,
            title: chart.caption,
            figure: <ChartFigure key={chart.key} chart={chart} notes={[]} printed={null} />,
          }))}
        />
      )}
      <Figures
        entries={section.figures.map((figure) => ({
          key: figure.key,
          title: figure.caption.split(". ")[0] ?? figure.caption,
          figure: <Figure key={figure.key} figure={figure} drawn={drawn} source={source} run={run} />,
        }))}
      />
      {section.tables.map((table) => (
        <DataTable key={table.key} table={table} />
      ))}
      {section.sections.map((one) => (
        <section key={one.key} className="rr-section" aria-labelledby={`title-${one.key}`}>
          <Title order={depth === 0 ? 3 : 4} id={`title-${one.key}`}>
            {one.title}
          </Title>
          <Body section={one} drawn={drawn} source={source} run={run} depth={depth + 1} />
        </section>
      ))}
    </>
  );
}

/** One section of the report with its figures and tables. */
export function SectionPage({ source, run, section }: SectionPageProps) {
  const isEmpty = section.not_applicable !== null;
  const results = useQuery({ ...analysisResultsQuery(source, run), enabled: !isEmpty });
  const drawn = useMemo(
    () => (results.data === undefined ? NONE : drawnOf(results.data, section)),
    [results.data, section],
  );
  if (isEmpty) {
    return (
      <EmptyState title={`${section.title}: does not apply`}>
        {sentence(section.not_applicable ?? "")}
      </EmptyState>
    );
  }
  return (
    <article className="rr-section-page" aria-labelledby="section-title">
      <Title order={2} id="section-title">
        {section.title}
      </Title>
      <Contents section={section} />
      {results.isError && (
        <Text size="sm" c="dimmed" role="status">
          The numbers for the interactive figures could not be loaded; the printed figures are shown instead.
        </Text>
      )}
      {results.isPending ? (
        <p className="rr-run-when" role="status">
          Loading the numbers…
        </p>
      ) : (
        <Body section={section} drawn={drawn} source={source} run={run} depth={0} />
      )}
    </article>
  );
}
