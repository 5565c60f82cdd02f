import { Alert, Button } from "@mantine/core";
import { IconAlertTriangle, IconDownload, IconLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Instant } from "../../../shared/components/Instant";
import { auditExportUrl, auditVerificationQuery } from "../api/get-audit";
import { faultText } from "../model/audit-text";
import "./audit.css";

const FAULTS_SHOWN = 5;

function ChainState({ slug }: { slug: string }) {
  const { data, isPending, isFetching, refetch } = useQuery(auditVerificationQuery(slug));
  if (data === undefined) {
    return (
      <div className="rr-chain-state rr-chain-unknown" role="status">
        {isPending && isFetching ? "Verifying the trail…" : "The trail could not be verified just now."}
        {!isFetching && (
          <Button variant="default" size="compact-sm" onClick={() => void refetch()}>
            Try again
          </Button>
        )}
      </div>
    );
  }
  if (data.faults.length > 0) {
    return (
      <div className="rr-chain-state" role="status">
        <span>
          Verified at <Instant iso={data.verified_at} />: the trail is not intact.
        </span>
      </div>
    );
  }
  return (
    <div className="rr-chain-state rr-chain-intact" role="status">
      <IconLink size={18} stroke={1.5} aria-hidden />
      <span>
        Chain verified up to event {data.last_sequence} at <Instant iso={data.verified_at} />
      </span>
    </div>
  );
}

function ChainFaults({ slug }: { slug: string }) {
  const faults = useQuery(auditVerificationQuery(slug)).data?.faults ?? [];
  if (faults.length === 0) return null;
  const rest = faults.length - FAULTS_SHOWN;
  return (
    <Alert
      className="rr-chain-faults"
      color="red"
      icon={<IconAlertTriangle size={20} stroke={1.5} aria-hidden />}
      title="The audit trail of this study was changed outside the product"
    >
      <ul>
        {faults.slice(0, FAULTS_SHOWN).map((fault) => (
          <li key={`${fault.sequence} ${fault.kind} ${fault.text}`}>{faultText(fault)}</li>
        ))}
        {rest > 0 && <li>And {rest} more.</li>}
      </ul>
    </Alert>
  );
}

/** Whether the trail is intact, and the file with which anybody can verify it elsewhere. */
export function AuditChain({ slug }: { slug: string }) {
  return (
    <>
      <div className="rr-chain">
        <ChainState slug={slug} />
        <Button
          className="rr-chain-download"
          component="a"
          href={auditExportUrl(slug)}
          download
          variant="default"
          size="compact-sm"
          fw={500}
          leftSection={<IconDownload size={16} stroke={1.5} aria-hidden />}
        >
          Audit trail, JSON lines
        </Button>
      </div>
      <ChainFaults slug={slug} />
    </>
  );
}
