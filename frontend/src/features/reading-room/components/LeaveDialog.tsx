import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "react-router";

/** Asks before another page is opened while entries lie in this one alone. */
export function LeaveDialog({ wouldLose }: { wouldLose: () => boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname && wouldLose(),
  );
  return (
    <Modal
      opened={blocker.state === "blocked"}
      onClose={() => blocker.reset?.()}
      title="Your latest entries are in this page alone"
      size="sm"
      lockScroll={false}
    >
      <Stack gap="md">
        <Text size="sm">
          They could be saved neither on the server nor in this browser. If you leave this case now, they are
          lost.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            Leave and lose them
          </Button>
          <Button onClick={() => blocker.reset?.()} data-autofocus>
            Stay with the case
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
