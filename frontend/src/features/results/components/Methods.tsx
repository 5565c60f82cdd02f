import { Text, Title } from "@mantine/core";
import { Instant } from "../../../shared/components/Instant";
import type { Method, Results } from "../api/get-results";

function MethodText({ method }: { method: Method }) {
  return (
    <article className="rr-method">
      <Title order={3}>{method.name}</Title>
      <Text size="sm" mt={4}>
        {method.text}
      </Text>
      <ul>
        {method.references.map((reference) => (
          <li key={reference}>{reference}</li>
        ))}
      </ul>
    </article>
  );
}

function versionsText(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

export function Methods({ results }: { results: Results }) {
  const { provenance } = results;
  return (
    <div className="rr-methods">
      <div>
        {results.methods.map((method) => (
          <MethodText key={method.key} method={method} />
        ))}
      </div>
      <dl className="rr-provenance">
        <dt>Computed</dt>
        <dd>
          <Instant iso={provenance.computed_at} />
        </dd>
        <dt>Data frozen</dt>
        <dd>
          <Instant iso={provenance.frozen_at} />
        </dd>
        <dt>Dataset SHA-256</dt>
        <dd>
          <code>{provenance.frozen_dataset_sha256}</code>
        </dd>
        <dt>Protocol SHA-256</dt>
        <dd>
          <code>{provenance.protocol_sha256}</code>
        </dd>
        {provenance.lock_reason !== "" && (
          <>
            <dt>Locked with reads missing</dt>
            <dd>{provenance.lock_reason}</dd>
          </>
        )}
        <dt>Software</dt>
        <dd>{versionsText(provenance.versions)}</dd>
      </dl>
    </div>
  );
}
