import { Button } from "@mantine/core";
import { IconCircleCheck, IconLock, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { ApiError } from "../../shared/api/client";
import { ErrorState, PageMessage } from "../../shared/components/PageStates";
import { Refusal } from "../../shared/components/Refusal";
import { type ClosedItem, getItem } from "./api/item";
import { openNext } from "./api/open-next";
import { OpenItemRoom } from "./components/OpenItemRoom";
import styles from "./room.module.css";

/** `/adjudicate/:slug/item/:itemId` */
export default function ItemRoomPage() {
  const { slug = "", itemId = "" } = useParams();
  const [loads, setLoads] = useState(0);
  const reload = useCallback(() => setLoads((one) => one + 1), []);
  const item = useQuery({
    queryKey: ["adjudication", "item", itemId, loads],
    queryFn: () => getItem(itemId),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const next = useNext(slug);
  if (item.isPending) {
    return (
      <div className={styles.center} role="status" data-item-state="loading">
        <p>Opening the case…</p>
      </div>
    );
  }
  if (item.isError) {
    return (
      <main className={styles.center} data-item-state="lost">
        <ErrorState error={item.error} onRetry={() => void item.refetch()} />
      </main>
    );
  }
  if (item.data.status !== "open") return <ClosedScreen item={item.data} slug={slug} next={next} />;
  return (
    <OpenItemRoom
      key={`${itemId} ${loads}`}
      item={item.data}
      onClosed={reload}
      onReload={reload}
      onSettled={(waiting) => (waiting > 0 ? next.mutate() : next.toWorklist())}
    />
  );
}

const CLOSED_TEXTS = {
  settled: { title: "Settled", text: "Your verdict on this case is given.", icon: IconCircleCheck },
  voided: {
    title: "Withdrawn",
    text: "A reading of this case was changed, so there is nothing to settle here. If the readers still disagree, the case comes again.",
    icon: IconRefresh,
  },
  locked: { title: "The study is locked", text: "No verdict is given any more.", icon: IconLock },
} as const;

interface ClosedScreenProps {
  item: ClosedItem;
  slug: string;
  next: ReturnType<typeof useNext>;
}

function ClosedScreen({ item, slug, next }: ClosedScreenProps) {
  const { title, text, icon } = CLOSED_TEXTS[item.status];
  return (
    <main className={styles.center} data-item-state={item.status}>
      <title>{`${item.alias} · Adjudication · Reading Room`}</title>
      <PageMessage
        icon={icon}
        color="--rr-text-dim"
        title={`${item.alias}: ${title}`}
        isPage
        action={
          <>
            <Button component={Link} to={`/adjudicate/${slug}`} variant="default">
              Back to the worklist
            </Button>
            {item.status !== "locked" && (
              <Button loading={next.isPending} onClick={() => next.mutate()}>
                Next case
              </Button>
            )}
          </>
        }
      >
        {text}
      </PageMessage>
      {next.isError && <Refusal error={next.error} fallback="The next case could not be opened." />}
    </main>
  );
}

/** On to the next item, or to the worklist when none waits. */
function useNext(slug: string) {
  const navigate = useNavigate();
  const toWorklist = () => void navigate(`/adjudicate/${slug}`);
  const mutation = useMutation({
    mutationFn: () => openNext(slug),
    onSuccess: (itemId) => navigate(`/adjudicate/${slug}/item/${itemId}`, { replace: true }),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) toWorklist();
    },
  });
  return { ...mutation, toWorklist };
}
