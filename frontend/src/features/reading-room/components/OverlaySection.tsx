import { Checkbox, Switch } from "@mantine/core";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { HEAT_GRADIENT, REGION_COLOR } from "../../../viewer/heat-colors";
import { useKeyText } from "../../../viewer/keys-context";
import {
  fullestSlice,
  type ModelOverlay,
  type ModelOverlays,
  type OverlayLook,
} from "../../../viewer/model-overlays";
import { type Aid, type AidOverlay, getAidOverlay } from "../api/get-aid";
import styles from "./overlay-section.module.css";

interface OverlaySectionProps {
  readId: string;
  aid: Aid;
  overlays: ModelOverlays;
  /** Whether what they mean is told too. */
  hasMeanings: boolean;
  onShowSlice: (series: number, frame: number) => void;
}

/** What the output shows on the images, and how. The voxels are held while this stands, and nowhere else. */
export function OverlaySection(props: OverlaySectionProps) {
  const { readId, aid, overlays, hasMeanings, onShowSlice } = props;
  const shown = useSyncExternalStore(overlays.subscribe, overlays.snapshot);
  const ask = useOverlays(readId, aid.overlays, overlays);
  const key = useKeyText()("page.overlays");
  if (aid.overlays.length === 0) {
    return <p className={styles.none}>This output shows nothing on the images.</p>;
  }
  return (
    <section className={styles.section} aria-label="On the images" data-overlays-hidden={shown.areHidden}>
      <h3 className={styles.head}>
        <span className={styles.title}>
          On the images
          {aid.model.weights_status === "untrained-demo" && (
            <span className={styles.demo}>Demonstration</span>
          )}
        </span>
        {key !== null && (
          <span className={styles.dim}>
            {shown.areHidden ? "All hidden. " : ""}
            <kbd className={styles.key}>{key}</kbd> {shown.areHidden ? "shows them" : "hides all"}
          </span>
        )}
      </h3>
      {shown.overlays.map((one) => {
        const told = aid.overlays.find(({ name }) => name === one.name);
        return (
          told && (
            <OverlayRow
              key={one.name}
              told={told}
              overlay={one}
              areHidden={shown.areHidden}
              onLook={(look) => overlays.setLook(one.name, look)}
              onShowSlice={onShowSlice}
              onRetry={() => ask(told)}
            />
          )
        );
      })}
      {hasMeanings && (
        <dl className={styles.notes}>
          {aid.overlays.map(({ name, title, note, method }) => (
            <div key={name}>
              <dt>{title}</dt>
              <dd>
                {note} <span className={styles.method}>({method})</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

interface OverlayRowProps {
  told: AidOverlay;
  overlay: ModelOverlay;
  areHidden: boolean;
  onLook: (look: Partial<OverlayLook>) => void;
  onShowSlice: (series: number, frame: number) => void;
  onRetry: () => void;
}

function OverlayRow({ told, overlay, areHidden, onLook, onShowSlice, onRetry }: OverlayRowProps) {
  const { voxels, hasFailed, look, kind } = overlay;
  const percent = Math.round(look.opacity * 100);
  const isOn = look.isShown && !areHidden;
  return (
    <div className={styles.row} data-overlay={told.name} data-state={stateOf(overlay)}>
      <div className={styles.line}>
        <Switch
          size="xs"
          label={
            <span className={styles.title}>
              {told.title}
              {kind === "mask" && (
                <span className={styles.swatch} style={{ borderColor: REGION_COLOR }} aria-hidden />
              )}
            </span>
          }
          checked={isOn}
          disabled={voxels === null}
          onChange={({ currentTarget }) => onLook({ isShown: currentTarget.checked })}
        />
        {voxels && (
          <button
            type="button"
            className={styles.link}
            aria-label={`Go to the slice with most of it: ${told.title}`}
            onClick={() => onShowSlice(told.series, fullestSlice(voxels, told.shape))}
          >
            Go to
          </button>
        )}
      </div>
      {hasFailed && (
        <p className={styles.problem} role="alert">
          It could not be loaded.{" "}
          <button type="button" className={styles.link} onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
      {isOn && (
        <div className={styles.line}>
          <label className={styles.opacity}>
            <span className={styles.dim}>Opacity</span>
            <input
              type="range"
              className={styles.slider}
              min={0}
              max={100}
              step={5}
              value={percent}
              aria-label={`Opacity: ${told.title}`}
              aria-valuetext={`${percent} %`}
              onChange={({ currentTarget }) => onLook({ opacity: Number(currentTarget.value) / 100 })}
            />
            <span className={styles.value}>{percent} %</span>
          </label>
          {kind === "mask" && (
            <Checkbox
              size="xs"
              label="Fill"
              aria-label={`Fill: ${told.title}`}
              checked={look.isFilled}
              onChange={({ currentTarget }) => onLook({ isFilled: currentTarget.checked })}
            />
          )}
        </div>
      )}
      {isOn && kind === "heat" && <ColorBar told={told} />}
    </div>
  );
}

function ColorBar({ told }: { told: AidOverlay }) {
  return (
    <div className={styles.legend} role="img" aria-label={`Colors from ${told.low} to ${told.high}`}>
      <span className={styles.bar} style={{ background: HEAT_GRADIENT }} />
      <span className={styles.ends}>
        <span>{told.low}</span>
        <span>{told.high}</span>
      </span>
    </div>
  );
}

const stateOf = ({ voxels, hasFailed }: ModelOverlay): string =>
  voxels ? "ready" : hasFailed ? "failed" : "loading";

/** Ask for the voxels as soon as the output stands here, and forget them with it; answers how to ask again. */
function useOverlays(
  readId: string,
  told: readonly AidOverlay[],
  overlays: ModelOverlays,
): (one: AidOverlay) => void {
  const leaving = useRef<AbortController>(null);
  const ask = async (one: AidOverlay, signal: AbortSignal) => {
    const voxels = await getAidOverlay(readId, one, signal).catch(() => null);
    if (!signal.aborted) overlays.came(one.name, voxels);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` is made of what is named
  useEffect(() => {
    const left = new AbortController();
    leaving.current = left;
    overlays.begin(told);
    for (const one of told) void ask(one, left.signal);
    return () => {
      left.abort();
      overlays.clear();
    };
  }, [readId, told, overlays]);
  return (one) => {
    overlays.isAsked(one.name);
    if (leaving.current) void ask(one, leaving.current.signal);
  };
}
