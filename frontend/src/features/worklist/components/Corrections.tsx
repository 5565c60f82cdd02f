import { Button, Text, Title } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import type { Correctable, Worklist } from "../api/get-worklist";
import { askable, readName, requested, requestText } from "../model/corrections";

const CorrectionDialog = lazy(() =>
  import("./CorrectionDialog").then((module) => ({ default: module.CorrectionDialog })),
);

function Row({ one, slug }: { one: Correctable; slug: string }) {
  const isOpen = one.request?.status === "granted";
  return (
    <li
      className={`rr-correction ${isOpen ? "rr-correction-open" : ""}`}
      data-correction={one.request?.status}
    >
      <div>
        <Text fw={550}>{readName(one)}</Text>
        <Text size="sm" c="dimmed">
          {requestText(one)}
        </Text>
      </div>
      {isOpen && (
        <Button
          component={Link}
          to={`/read/${slug}/case/${one.read_id}`}
          leftSection={<IconPencil size={16} stroke={1.75} aria-hidden />}
        >
          Correct case
        </Button>
      )}
    </li>
  );
}

/** Requests to correct a submitted case, those that are granted first, and the way to make one. */
export function Corrections({ worklist, onChanged }: { worklist: Worklist; onChanged: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const [hasDialog, setHasDialog] = useState(false);
  if (isAsking && !hasDialog) setHasDialog(true);
  const rows = requested(worklist.correctable).sort(
    (a, b) => Number(b.request?.status === "granted") - Number(a.request?.status === "granted"),
  );
  const options = askable(worklist.correctable);
  if (rows.length === 0 && options.length === 0) return null;
  return (
    <section aria-labelledby="corrections-title">
      <div className="rr-corrections-head">
        <Title order={3} id="corrections-title">
          Corrections
        </Title>
        {options.length > 0 && (
          <Button variant="default" size="xs" onClick={() => setAsking(true)}>
            Ask to correct a case
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          A submitted case is locked. If you made a slip, ask the coordinator to open it again.
        </Text>
      ) : (
        <ul className="rr-correction-list">
          {rows.map((one) => (
            <Row key={one.read_id} one={one} slug={worklist.study.slug} />
          ))}
        </ul>
      )}
      {hasDialog && (
        <Suspense fallback={null}>
          <CorrectionDialog
            options={options}
            isOpen={isAsking}
            onClose={() => setAsking(false)}
            onAsked={() => {
              setAsking(false);
              onChanged();
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
