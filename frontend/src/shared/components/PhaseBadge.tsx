import { Badge } from "@mantine/core";
import { IconBook2, IconLock, IconPencil } from "@tabler/icons-react";

export type StudyPhase = "DESIGN" | "READING" | "LOCKED";

const PHASES = {
  DESIGN: { label: "Design", icon: IconPencil },
  READING: { label: "Reading", icon: IconBook2 },
  LOCKED: { label: "Locked", icon: IconLock },
} as const;

export function PhaseBadge({ phase }: { phase: StudyPhase }) {
  const { label, icon: Icon } = PHASES[phase];
  return (
    <Badge
      variant="default"
      radius="sm"
      tt="none"
      fw={550}
      leftSection={<Icon size={13} stroke={1.75} aria-hidden />}
      className={phase === "READING" ? "rr-phase rr-phase-reading" : "rr-phase"}
    >
      {label}
    </Badge>
  );
}
