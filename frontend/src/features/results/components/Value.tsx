import { Table } from "@mantine/core";
import type { Shown } from "../model/format";

/** A number, or a dash with the reason in words for which there is none. */
export function Value({ shown }: { shown: Shown }) {
  if (shown.reason === null) return <>{shown.text}</>;
  return (
    <span className="rr-not-estimable">
      {shown.text} <span>{shown.reason}</span>
    </span>
  );
}

interface ValueCellProps {
  shown: Shown | undefined;
  isStrong?: boolean;
  colSpan?: number;
}

/** A right-aligned number of a table. */
export function ValueCell({ shown, isStrong = false, colSpan }: ValueCellProps) {
  return (
    <Table.Td className={isStrong ? "rr-num rr-strong" : "rr-num"} colSpan={colSpan}>
      {shown !== undefined && <Value shown={shown} />}
    </Table.Td>
  );
}
