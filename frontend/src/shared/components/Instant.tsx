import { Tooltip } from "@mantine/core";
import { formatDateTime, formatRelative, formatUtc } from "../lib/dates";

interface InstantProps {
  iso: string;
  /** Say the distance beside the date instead of only in the tooltip. */
  withRelative?: boolean;
}

/** An instant in the browser's time zone; the tooltip gives UTC and how far away it is. */
export function Instant({ iso, withRelative = false }: InstantProps) {
  const relative = formatRelative(iso, new Date());
  const label = withRelative ? formatUtc(iso) : `${formatUtc(iso)}, ${relative}`;
  return (
    <Tooltip label={label}>
      <time dateTime={iso} className="rr-instant">
        {formatDateTime(iso)}
        {withRelative && ` (${relative})`}
      </time>
    </Tooltip>
  );
}
