import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff, IconFileOff } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { ApiError } from "../api/client";

interface MessageProps {
  icon: ComponentType<{ size: number; stroke: number; "aria-hidden": true }>;
  color: string;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** The message is the whole page, and its title the page's own. */
  isPage?: boolean;
}

/** The one shape of every state that stands in for a page's content. */
export function PageMessage({ icon: Icon, color, title, children, action, isPage = false }: MessageProps) {
  return (
    <Stack align="center" gap="sm" py={72} px="md" maw={520} mx="auto" ta="center">
      <span style={{ color: `var(${color})`, lineHeight: 0 }}>
        <Icon size={36} stroke={1.5} aria-hidden />
      </span>
      <Title order={isPage ? 1 : 2} size="h2">
        {title}
      </Title>
      <Text c="dimmed" size="sm" component="div">
        {children}
      </Text>
      {action !== undefined && <Group mt="xs">{action}</Group>}
    </Stack>
  );
}

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
}

/** What failed, in the server's words where it has some, with a way to ask again. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const action = onRetry && (
    <Button variant="default" onClick={onRetry}>
      Try again
    </Button>
  );
  if (!(error instanceof ApiError)) {
    return (
      <PageMessage icon={IconAlertTriangle} color="--rr-danger" title="This page failed" action={action}>
        Something unexpected happened. Nothing that was saved is lost.
      </PageMessage>
    );
  }
  if (error.isOffline) {
    return (
      <PageMessage icon={IconCloudOff} color="--rr-warn" title="No connection to the server" action={action}>
        Check the network, then try again.
      </PageMessage>
    );
  }
  if (error.status === 404) {
    return (
      <PageMessage icon={IconFileOff} color="--rr-text-dim" title="Not found">
        This page does not exist, or your account may not see it.
      </PageMessage>
    );
  }
  return (
    <PageMessage
      icon={IconAlertTriangle}
      color="--rr-danger"
      title="This could not be loaded"
      action={action}
    >
      {error.text}
    </PageMessage>
  );
}

interface EmptyStateProps {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <PageMessage icon={IconFileOff} color="--rr-text-dim" title={title} action={action}>
      {children}
    </PageMessage>
  );
}
