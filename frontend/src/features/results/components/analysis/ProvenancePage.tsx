import { Text, Title } from "@mantine/core";
import type { ReportContent } from "../../api/report-content";
import { sentence } from "../../model/format";
import { DataTable } from "./DataTable";

/** Where the numbers come from, what departed from the protocol, and what does not apply. */
export function ProvenancePage({ report }: { report: ReportContent }) {
  const { provenance, deviations, not_applicable } = report;
  return (
    <article className="rr-section-page" aria-labelledby="section-title">
      <Title order={2} id="section-title">
        Provenance and deviations
      </Title>
      <dl className="rr-facts-list">
        {provenance.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <section className="rr-section" aria-labelledby="deviations-title">
        <Title order={3} id="deviations-title">
          Deviations from the protocol
        </Title>
        <Deviations deviations={deviations} />
      </section>
      {not_applicable.length > 0 && (
        <section className="rr-section" aria-labelledby="not-applicable-title">
          <Title order={3} id="not-applicable-title">
            Analyses that do not apply
          </Title>
          <DataTable
            table={{
              key: "not-applicable",
              caption: "Reasons",
              header: ["Analysis", "Reason"],
              rows: not_applicable.map(({ analysis, reason }) => [analysis, sentence(reason)]),
              row_headers: 1,
              notes: [],
            }}
          />
        </section>
      )}
    </article>
  );
}

function Deviations({ deviations }: Pick<ReportContent, "deviations">) {
  if (deviations === null) {
    return (
      <Text size="sm" c="dimmed">
        The dataset has no record of deviations.
      </Text>
    );
  }
  if (deviations.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No deviation is on record.
      </Text>
    );
  }
  return (
    <DataTable
      table={{
        key: "deviations",
        caption: "Deviations on record",
        header: ["When", "What", "About", "Reason"],
        rows: deviations.map((one) => [one.when, one.what, one.subject, one.reason]),
        row_headers: 1,
        notes: [],
      }}
    />
  );
}
