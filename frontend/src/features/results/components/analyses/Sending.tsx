import { Progress } from "@mantine/core";

/** How much of the files has been sent; once all is sent the server reads them. */
export function Sending({ share }: { share: number }) {
  const text = share < 1 ? `Sending, ${Math.floor(100 * share)}%` : "Sent. The server reads every row.";
  return (
    <div className="rr-run-progress">
      <span role="status">{text}</span>
      <Progress.Root size="sm">
        <Progress.Section value={100 * share} aria-label={text} />
      </Progress.Root>
    </div>
  );
}
