import { formatDateTime } from "../../../shared/lib/dates";
import type { Correctable } from "../api/get-worklist";

/** A read as its reader knows it: by its alias, with the session, and the step where it has several. */
export function readName({ alias, session_title, step, steps }: Correctable): string {
  return steps === 1 ? `${alias}, ${session_title}` : `${alias}, ${session_title}, step ${step} of ${steps}`;
}

const hasOpenRequest = ({ request }: Correctable): boolean =>
  request?.status === "requested" || request?.status === "granted";

/** The reads that a correction may be asked for, as the options of a select. */
export function askable(correctable: readonly Correctable[]): { value: string; label: string }[] {
  return correctable
    .filter((one) => !hasOpenRequest(one))
    .map((one) => ({
      value: one.read_id,
      label: `${readName(one)}, submitted ${formatDateTime(one.submitted_at)}`,
    }));
}

export const requested = (correctable: readonly Correctable[]): Correctable[] =>
  correctable.filter(({ request }) => request !== null);

/** What has become of a request, in one sentence. */
export function requestText({ request }: Correctable): string {
  switch (request?.status) {
    case "requested":
      return "Asked for; the study's coordinator decides.";
    case "granted":
      return `Open for your correction: ${request.decision}`;
    case "refused":
      return `Not granted: ${request.decision}`;
    case "corrected":
      return "Corrected.";
    default:
      return "";
  }
}
