import { ActionIcon, Button, CopyButton, Group, Modal, Text, Title, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Instant } from "../../../shared/components/Instant";
import { PhaseBadge } from "../../../shared/components/PhaseBadge";
import { Refusal } from "../../../shared/components/Refusal";
import { freezeStudy } from "../api/freeze-study";
import { type DeskStudy, studyQuery } from "../api/get-study";

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

function FreezeAction({ study }: { study: DeskStudy }) {
  const [isOpen, setIsOpen] = useState(false);
  const queryClient = useQueryClient();
  const freeze = useMutation({
    mutationFn: () => freezeStudy(study.slug),
    onSuccess: async (frozen) => {
      setIsOpen(false);
      queryClient.setQueryData(studyQuery(study.slug).queryKey, frozen);
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      await queryClient.invalidateQueries({ queryKey: ["me"] });
    },
  });
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Freeze protocol</Button>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title="Freeze the protocol?"
        size="md"
        lockScroll={false}
      >
        <Text size="sm">
          Freezing draws every reader's case order, writes the protocol down with its version and hash, and
          opens the study for reading. A frozen protocol cannot be changed.
        </Text>
        {freeze.isError && (
          <div className="rr-modal-refusal">
            <Refusal error={freeze.error} fallback="The protocol could not be frozen." />
          </div>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setIsOpen(false)}>
            Cancel
          </Button>
          <Button loading={freeze.isPending} onClick={() => freeze.mutate()}>
            Freeze protocol
          </Button>
        </Group>
      </Modal>
    </>
  );
}

function days(count: number): string {
  return `${count} day${count === 1 ? "" : "s"}`;
}

export function StudyHeader({ study }: { study: DeskStudy }) {
  return (
    <header className="rr-study-header">
      <div className="rr-study-title">
        <Title order={1}>{study.title}</Title>
        <PhaseBadge phase={study.phase} />
        {study.permissions.freeze && (
          <span className="rr-study-action">
            <FreezeAction study={study} />
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
        {study.locked_at !== null && (
          <Fact label="Locked">
            <Instant iso={study.locked_at} />
          </Fact>
        )}
      </dl>
    </header>
  );
}
