import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Instant } from "../../../shared/components/Instant";
import { Refusal } from "../../../shared/components/Refusal";
import { type Supplement, supplementsQuery } from "../api/supplements";
import { planText } from "../model/plan-fields";
import type { ResultsSource } from "../model/source";
import { TableFrame } from "./analysis/TableFrame";
import { SupplementForm } from "./SupplementForm";
import "./analyses/analyses.css";

function contentOf({ files, plan }: Supplement): string[] {
  return [
    ...files.map(({ path, rows }) => `${path}, ${rows} ${rows === 1 ? "row" : "rows"}`),
    ...Object.entries(plan).map(([key, value]) => `${key}: ${planText(value)}`),
  ];
}

function List({ supplements }: { supplements: readonly Supplement[] }) {
  if (supplements.length === 0) {
    return <p className="rr-run-when">Nothing has been added to this study's records.</p>;
  }
  return (
    <TableFrame className="rr-table-frame" label="Supplements">
      <table className="rr-run-table" aria-label="Supplements of this study">
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">Reason</th>
            <th scope="col">Content</th>
            <th scope="col">Added</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {supplements.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.number}</th>
              <td className="rr-wrap">{one.reason}</td>
              <td className="rr-wrap">
                {contentOf(one).map((line) => (
                  <div key={line}>{line}</div>
                ))}
              </td>
              <td>
                <Instant iso={one.added_at} />
              </td>
              <td>{one.added_by}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** What was added to a locked study's records, and a form for more. */
export default function SupplementPanel({ id, source }: { id: string; source: ResultsSource }) {
  const known = useQuery(supplementsQuery(source));
  return (
    <div className="rr-run-panel" id={id}>
      {known.data !== undefined ? (
        <>
          <SupplementForm source={source} known={known.data} />
          <List supplements={known.data.supplements} />
        </>
      ) : known.isError ? (
        <Refusal error={known.error} fallback="The supplements could not be loaded." />
      ) : (
        <Skeleton h={320} animate={false} />
      )}
    </div>
  );
}
