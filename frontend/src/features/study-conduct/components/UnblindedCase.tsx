import { Button, Skeleton, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Instant } from "../../../shared/components/Instant";
import { ErrorState } from "../../../shared/components/PageStates";
import { type Unblinded, unblindedQuery } from "../api/unblind";

function truthText(truth: boolean | null): string {
  if (truth === null) return "not known yet";
  return truth ? "positive" : "negative";
}

function outputText(output: Unblinded["outputs"][number]): string {
  if (output.score === null) return "no output";
  const verdict = output.is_positive === null ? "" : output.is_positive ? ", positive" : ", negative";
  const probability = output.probability === null ? "" : `, probability ${output.probability.toFixed(2)}`;
  return `score ${output.score.toFixed(2).replace("-", "−")}${probability}${verdict}`;
}

function ReadPart({ read }: { read: Unblinded["reads"][number] }) {
  const label = `${read.reader}, session ${read.session}: ${read.arm}`;
  return (
    <section className="rr-unblind-read" aria-label={label}>
      <Title order={3} mb={6}>
        {label}
      </Title>
      <div className="rr-table-frame">
        <Table verticalSpacing={6} horizontalSpacing="md">
          <Table.Tbody>
            {read.answers.map((one, place) => (
              <Fragment key={`${one.section}/${one.label}`}>
                {one.section !== (read.answers[place - 1]?.section ?? "") && (
                  <Table.Tr>
                    <Table.Th scope="rowgroup" colSpan={2} className="rr-unblind-section">
                      {one.section === "" ? "Other answers" : one.section}
                    </Table.Th>
                  </Table.Tr>
                )}
                <Table.Tr>
                  <Table.Th scope="row" w="50%">
                    {one.label}
                  </Table.Th>
                  <Table.Td>{one.answer === "" ? "–" : one.answer}</Table.Td>
                </Table.Tr>
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}

/** What an unblinding shows, to the person who did it. */
export function UnblindedCase({
  slug,
  number,
  onClose,
}: {
  slug: string;
  number: string;
  onClose: () => void;
}) {
  const shown = useQuery(unblindedQuery(slug, number));
  if (shown.isPending) return <Skeleton h={360} animate={false} aria-busy="true" />;
  if (shown.data === undefined)
    return <ErrorState error={shown.error} onRetry={() => void shown.refetch()} />;
  const one = shown.data;
  return (
    <div className="rr-unblind">
      <div className="rr-conduct-head">
        <div>
          <Title order={2}>Case {one.number}, unblinded</Title>
          <Text size="sm" c="dimmed" mt={4}>
            To you alone, <Instant iso={one.unblinded_at} />. {one.reason}
          </Text>
        </div>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </div>
      <dl className="rr-unblind-facts">
        <dt>Reference standard</dt>
        <dd>{truthText(one.truth)}</dd>
        {one.outputs.map((output) => (
          <div key={output.model} className="rr-contents">
            <dt>
              {output.model} {output.semver}
            </dt>
            <dd>{outputText(output)}</dd>
          </div>
        ))}
      </dl>
      {one.reads.length === 0 && <Text size="sm">Nobody has committed a read of this case yet.</Text>}
      {one.reads.map((read) => (
        <ReadPart key={`${read.reader}/${read.session}/${read.arm}/${read.step}`} read={read} />
      ))}
    </div>
  );
}
