import { Anchor, Button, Skeleton, Text, Title } from "@mantine/core";
import { IconFileTypePdf, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Instant } from "../../../shared/components/Instant";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { pdfPath } from "../api/freeze";
import { type Version, versionsQuery } from "../api/versions";
import type { ConductStudy } from "../model/words";
import type { RenderForm } from "./AmendmentFields";
import { Changes } from "./Changes";
import "./conduct.css";

const AmendmentEditor = lazy(() =>
  import("./AmendmentEditor").then((module) => ({ default: module.AmendmentEditor })),
);

function VersionPart({ slug, one }: { slug: string; one: Version }) {
  return (
    <section className="rr-version" aria-label={`Version ${one.version}`}>
      <div className="rr-version-head">
        <Title order={3}>Version {one.version}</Title>
        {one.effective_at !== null && (
          <Text size="sm" c="dimmed">
            in force from <Instant iso={one.effective_at} />
          </Text>
        )}
        <Anchor href={pdfPath(slug, one.version)} size="sm" className="rr-pdf-link">
          <IconFileTypePdf size={18} stroke={1.5} aria-hidden />
          PDF
        </Anchor>
      </div>
      <p>{one.reason === "" ? "The freeze." : one.reason}</p>
      {one.signatures.map((signature) => (
        <p key={signature.signed_at} className="rr-dim">
          Signed by {signature.name}, <Instant iso={signature.signed_at} />: “{signature.meaning}”
        </p>
      ))}
      <p className="rr-dim">
        SHA-256 <code>{one.sha256}</code>
      </p>
      {one.changes.length > 0 && (
        <Changes changes={one.changes} label={`Changes of version ${one.version}`} />
      )}
    </section>
  );
}

/** The versions of the protocol, the newest first, and the way to the next one. */
export function AmendmentsPage({ study, renderForm }: { study: ConductStudy; renderForm: RenderForm }) {
  const versions = useQuery(versionsQuery(study.slug));
  const [isEditing, setIsEditing] = useState(false);
  if (versions.isPending) return <Skeleton h={360} animate={false} aria-busy="true" />;
  if (versions.data === undefined) {
    return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />;
  }
  if (isEditing) {
    return (
      <Suspense fallback={<Skeleton h={360} animate={false} aria-busy="true" />}>
        <AmendmentEditor
          study={study}
          meaning={versions.data.amend_meaning}
          renderForm={renderForm}
          onClose={() => setIsEditing(false)}
        />
      </Suspense>
    );
  }
  if (versions.data.versions.length === 0) {
    return (
      <EmptyState
        title="No version yet"
        action={
          <Anchor href={pdfPath(study.slug)} size="sm" className="rr-pdf-link">
            <IconFileTypePdf size={18} stroke={1.5} aria-hidden />
            The draft as PDF
          </Anchor>
        }
      >
        The freeze makes the first version of the protocol; amendments follow it.
      </EmptyState>
    );
  }
  return (
    <>
      <div className="rr-conduct-head">
        <div>
          <Title order={2}>Versions and amendments</Title>
          <Text size="sm" c="dimmed" mt={4} maw="72ch">
            An amendment is numbered, reasoned and signed, and holds for the reads that are opened from then
            on. A read that is open keeps its version.
          </Text>
        </div>
        {versions.data.may_amend && (
          <Button
            leftSection={<IconPencil size={16} stroke={1.75} aria-hidden />}
            onClick={() => setIsEditing(true)}
          >
            Write an amendment…
          </Button>
        )}
      </div>
      {versions.data.versions.map((one) => (
        <VersionPart key={one.version} slug={study.slug} one={one} />
      ))}
    </>
  );
}
