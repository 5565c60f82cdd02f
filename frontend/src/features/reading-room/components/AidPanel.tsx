import { Button, Skeleton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useEffectEvent, useId, useState } from "react";
import type { ModelOverlays } from "../../../viewer/model-overlays";
import { type Aid, getAid } from "../api/get-aid";
import { cutOffProbability } from "../model/presentation";
import styles from "../reading-room.module.css";
import { useDetails } from "../use-details";
import { AidDetails } from "./AidDetails";
import { ModelCard } from "./ModelCard";
import { OverlaySection } from "./OverlaySection";
import { ScoreHistogram } from "./ScoreHistogram";

interface AidPanelProps {
  readId: string;
  overlays: ModelOverlays;
  onShown?: (isShown: boolean) => void;
  onShowSlice: (series: number, frame: number) => void;
}

/** The model's output. Mounted only once the protocol has released it, so that nothing is asked for before. */
export function AidPanel({ readId, overlays, onShown, onShowSlice }: AidPanelProps) {
  const aid = useQuery({
    queryKey: ["reading-room", "aid", readId],
    queryFn: () => getAid(readId),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const isShown = aid.data !== undefined;
  const noteShown = useEffectEvent((is: boolean) => onShown?.(is));
  useEffect(() => {
    if (!isShown) return;
    noteShown(true);
    return () => noteShown(false);
  }, [isShown]);
  return (
    <section className={styles.aid} aria-label="Model output" data-aid={aid.data?.status ?? aid.status}>
      {aid.isPending && <Loading />}
      {aid.isError && (
        <>
          <p>The model's output could not be loaded.</p>
          <Button size="xs" variant="default" onClick={() => void aid.refetch()}>
            Try again
          </Button>
        </>
      )}
      {aid.data && (
        <AidContent aid={aid.data}>
          {(hasDetails) => (
            <OverlaySection
              readId={readId}
              aid={aid.data}
              overlays={overlays}
              hasMeanings={hasDetails}
              onShowSlice={onShowSlice}
            />
          )}
        </AidContent>
      )}
    </section>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the model's output">
      <Skeleton height={16} width="60%" mb={8} animate={false} />
      <Skeleton height={24} width="40%" mb={8} animate={false} />
      <Skeleton height={66} animate={false} />
    </div>
  );
}

interface AidContentProps {
  aid: Aid;
  /** What stands below the value, with what explains it or without. */
  children?: (hasDetails: boolean) => ReactNode;
}

/** The value in little height, for the form is filled beside it; what explains it is a press away. */
export function AidContent({ aid, children }: AidContentProps) {
  const [hasCard, setCard] = useState(false);
  const [hasDetails, toggleDetails] = useDetails();
  const details = useId();
  return (
    <>
      <h2 className={styles.aidHead}>
        <span>{aid.model.title}</span>
        {aid.model.weights_status === "untrained-demo" && (
          <span className={styles.badge} data-tone="warn">
            Demonstration: not trained on patients
          </span>
        )}
      </h2>
      {aid.probability === null ? (
        <p>There is no output of the model for this case.</p>
      ) : (
        <Output aid={aid} probability={aid.probability} />
      )}
      <div className={styles.aidFacts}>
        <button
          type="button"
          className={styles.detailsButton}
          aria-expanded={hasDetails}
          aria-controls={hasDetails ? details : undefined}
          onClick={toggleDetails}
        >
          <IconChevronRight className={styles.chevron} size={14} stroke={1.8} aria-hidden />
          Details
        </button>
        <button type="button" className={styles.cardButton} onClick={() => setCard(true)}>
          Model card
        </button>
      </div>
      <ModelCard model={aid.model} isOpen={hasCard} onClose={() => setCard(false)} />
      {hasDetails && <AidDetails id={details} aid={aid} />}
      {aid.probability !== null && children?.(hasDetails)}
    </>
  );
}

function Output({ aid, probability }: { aid: Aid; probability: number }) {
  const cutOff = cutOffProbability(aid);
  return (
    <>
      <div className={styles.aidMain}>
        <span>
          <span className={styles.dim}>Probability </span>
          <span className={styles.aidNumber} data-aid-probability>
            {probability.toFixed(2)}
          </span>
        </span>
        <span className={styles.badges}>
          {aid.synthetic && <span className={styles.badge}>Synthetic data</span>}
          {aid.near_cut_off && (
            <span className={styles.badge} data-tone="warn">
              near the cut-off
            </span>
          )}
          {aid.is_positive !== null && (
            <span className={styles.badge}>{aid.is_positive ? "Positive" : "Negative"}</span>
          )}
        </span>
      </div>
      <div
        className={styles.probability}
        role="img"
        aria-label={
          `Probability ${probability.toFixed(2)} on a scale from 0 to 1` +
          (cutOff === null ? "" : `, cut-off at ${cutOff.toFixed(2)}`)
        }
      >
        <span className={styles.probabilityLine} />
        {cutOff !== null && <span className={styles.cutOff} style={{ left: `${cutOff * 100}%` }} />}
        <span className={styles.probabilityMark} style={{ left: `${probability * 100}%` }} />
        <span className={styles.tick} data-end="left" style={{ left: 0 }}>
          0
        </span>
        {cutOff !== null && (
          <span className={styles.tick} style={{ left: `clamp(4em, ${cutOff * 100}%, 100% - 4em)` }}>
            cut-off {cutOff.toFixed(2)}
          </span>
        )}
        <span className={styles.tick} data-end="right" style={{ left: "100%" }}>
          1
        </span>
      </div>
      {aid.score !== null && aid.model.development_scores !== null && (
        <ScoreHistogram scores={aid.model.development_scores} score={aid.score} cutOff={aid.cut_off} />
      )}
    </>
  );
}
