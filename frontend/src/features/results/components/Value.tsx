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
