import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiError } from "../api/client";

interface RefusalProps {
  error: unknown;
  /** Said when the error has no words of its own. */
  fallback: string;
}

/** Why an action did not go through, beside the control that asked for it. */
export function Refusal({ error, fallback }: RefusalProps) {
  return (
    <div role="alert" className="rr-refusal">
      <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
      <span>{error instanceof ApiError ? error.text : fallback}</span>
    </div>
  );
}
