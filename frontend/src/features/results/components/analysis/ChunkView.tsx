import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Component, type ComponentType, type ReactNode, Suspense, useState } from "react";
import type { Chunk } from "../../model/chunk";

interface Place {
  /** Kept free while it loads, and where it does not. */
  height?: number;
  /** What gives the place its size where no height does. */
  className?: string;
}

interface BoundaryProps extends Place {
  children: ReactNode;
  onRetry: () => void;
}

class Boundary extends Component<BoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  private readonly retry = () => {
    this.props.onRetry();
    this.setState({ hasFailed: false });
  };

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div
        role="alert"
        className={`rr-chart-failed ${this.props.className ?? ""}`}
        style={{ minHeight: this.props.height }}
      >
        <IconAlertTriangle size={20} stroke={1.75} aria-hidden />
        <span>This figure could not be loaded. The tables hold its numbers.</span>
        <Button variant="default" size="compact-sm" onClick={this.retry}>
          Retry
        </Button>
      </div>
    );
  }
}

interface ChunkViewProps<P extends object> extends Place {
  chunk: Chunk<P>;
  props: P;
}

/** A chart of a chunk of its own: where it fails it says so in its place, and what is around it stays. */
export function ChunkView<P extends object>({ chunk, props, height, className }: ChunkViewProps<P>) {
  const [part, setPart] = useState(() => chunk.part);
  const Part = part as ComponentType<P>;
  return (
    <Boundary height={height} className={className} onRetry={() => setPart(chunk.renew())}>
      <Suspense fallback={<Skeleton h={height} className={className} animate={false} />}>
        <Part {...props} />
      </Suspense>
    </Boundary>
  );
}
