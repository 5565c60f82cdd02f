import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import type { ModelOverlays } from "../../../viewer/model-overlays";
import { type Aid, getAid } from "../api/get-aid";
import { cutOffProbability } from "../model/presentation";
import styles from "../reading-room.module.css";
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
          <OverlaySection readId={readId} aid={aid.data} overlays={overlays} onShowSlice={onShowSlice} />
        </AidContent>
      )}
    </section>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the model's output">
      <Skeleton height={16} width="60%" mb={12} animate={false} />
      <Skeleton height={26} width="40%" mb={12} animate={false} />
      <Skeleton height={44} animate={false} />
    </div>
  );
}

export function AidContent({ aid, children }: { aid: Aid; children?: ReactNode }) {
  const [hasCard, setCard] = useState(false);
  return (
    <>
      <h2 className={styles.aidHead}>
        <span>{aid.model.title}</span>
        <span className={styles.aidVersion}>v{aid.model.semver}</span>
      </h2>
      <p className={styles.aidFacts}>
        {aid.model.weights_status === "untrained-demo" && (
          <span className={styles.badge} data-tone="warn">
            Demonstration: not trained on patients
          </span>
        )}
        <button type="button" className={styles.cardButton} onClick={() => setCard(true)}>
          Model card
        </button>
      </p>
      <ModelCard model={aid.model} isOpen={hasCard} onClose={() => setCard(false)} />
      {aid.probability === null ? (
        <p>There is no output of the model for this case.</p>
      ) : (
        <Output aid={aid} probability={aid.probability} />
      )}
      {aid.probability !== null && children}
      <Notes aid={aid} />
    </>
  );
}

/** What is to be known of the value: the first note in view, the others behind it. */
function Notes({ aid }: { aid: Aid }) {
  const all = [...aid.notes, aid.probability_note, uncertaintyNote(aid)];
  const notes = [...new Set(all)].filter((note) => note !== "");
  const [first] = notes;
  if (first === undefined) return null;
  return (
    <details className={styles.notes}>
      <summary>{first}</summary>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
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
          <span className={styles.tick} style={{ left: `${cutOff * 100}%` }}>
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
      <div className={styles.dim}>
        {aid.score !== null && `Score ${signed(aid.score)}`}
        {aid.numeric_uncertainty !== null && ` ${plusMinus(aid.numeric_uncertainty)}`}
        {aid.cut_off !== null && ` · positive from ${signed(aid.cut_off)}`}
      </div>
      {aid.numeric_uncertainty !== null && (
        <p className={styles.aidDoubt}>
          ± is how far the score moves with choices of computing that should not matter. It does not say how
          often the model is wrong.
        </p>
      )}
    </>
  );
}

function plusMinus(uncertainty: number): string {
  return `± ${uncertainty.toPrecision(1)}`;
}

function uncertaintyNote({ numeric_uncertainty }: Aid): string {
  if (numeric_uncertainty === null) return "";
  return (
    `${plusMinus(numeric_uncertainty)}: the most that the score changed when it was computed again with small ` +
    "changes that should not matter. It is not a confidence interval."
  );
}

function signed(value: number): string {
  return value.toFixed(2).replace("-", "−");
}
