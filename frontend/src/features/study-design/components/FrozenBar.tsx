import { Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Instant } from "../../../shared/components/Instant";
import type { Protocol } from "../api/protocol";

/** A protocol that is only read: which version it is, and its digest. */
export function FrozenBar({ protocol }: { protocol: Protocol }) {
  if (protocol.frozen_at === null) {
    return (
      <div className="rr-save-bar">
        <Text size="sm" c="dimmed">
          The protocol is being designed by the coordinator; you can read it.
        </Text>
      </div>
    );
  }
  return (
    <div className="rr-save-bar rr-frozen-bar">
      <IconLock size={16} stroke={1.75} aria-hidden />
      <span>
        Version {protocol.version}, frozen <Instant iso={protocol.frozen_at} />
      </span>
      <code className="rr-frozen-hash">SHA-256 {protocol.sha256}</code>
    </div>
  );
}
