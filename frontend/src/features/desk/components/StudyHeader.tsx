import { ActionIcon, Button, CopyButton, Title, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useMatch } from "react-router";
import { Instant } from "../../../shared/components/Instant";
import { PhaseBadge } from "../../../shared/components/PhaseBadge";
import type { DeskStudy } from "../api/get-study";

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="rr-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ProtocolHash({ sha256 }: { sha256: string }) {
  return (
    <span className="rr-hash">
      <Tooltip label={`SHA-256 ${sha256}`} maw={560}>
        <code>{sha256.slice(0, 10)}</code>
      </Tooltip>
      <CopyButton value={sha256} timeout={1500}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={copy}
            aria-label={copied ? "Copied" : "Copy the protocol's SHA-256"}
          >
            {copied ? <IconCheck size={14} stroke={1.75} /> : <IconCopy size={14} stroke={1.75} />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}

function days(count: number): string {
  if (count === 0) return "none";
  return `${count} day${count === 1 ? "" : "s"}`;
}

export function StudyHeader({ study }: { study: DeskStudy }) {
  const isAtFreeze = useMatch("/desk/:slug/freeze") !== null;
  return (
    <header className="rr-study-header">
      <div className="rr-study-title">
        <Title order={1}>{study.title}</Title>
        <PhaseBadge phase={study.phase} />
        {study.permissions.freeze && !isAtFreeze && (
          <span className="rr-study-action">
            <Button component={Link} to={`/desk/${study.slug}/freeze`}>
              Freeze protocol…
            </Button>
          </span>
        )}
      </div>
      <dl className="rr-facts">
        <Fact label="Protocol">
          version {study.protocol_version}
          {study.protocol_sha256 !== "" && <ProtocolHash sha256={study.protocol_sha256} />}
        </Fact>
        <Fact label="Washout">{days(study.washout_days)}</Fact>
        <Fact label="Cases">{study.cases}</Fact>
        <Fact label="Readers">{study.readers}</Fact>
        {study.frozen_at !== null && (
          <Fact label="Frozen">
            <Instant iso={study.frozen_at} />
          </Fact>
        )}
        {study.phase === "READING" && study.lock_request !== null && (
          <Fact label="Lock requested">
            <Instant iso={study.lock_request.requested_at} />
            {study.permissions.lock && (
              <Link to={`/desk/${study.slug}/results`} className="rr-fact-link">
                {study.lock_request.is_own ? "Waits for a second person" : "Look at the request"}
              </Link>
            )}
          </Fact>
        )}
        {study.locked_at !== null && (
          <Fact label="Locked">
            <Instant iso={study.locked_at} />
          </Fact>
        )}
      </dl>
    </header>
  );
}
