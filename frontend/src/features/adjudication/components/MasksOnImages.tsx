import { Checkbox } from "@mantine/core";
import type { OpenItem } from "../api/item";
import { lettersWithMasks, paintedPlaces, readingColor } from "../model/masks";
import styles from "../room.module.css";
import type { MasksInHand } from "../use-masks";

interface MasksOnImagesProps {
  item: OpenItem;
  masks: MasksInHand;
  onShow: (series: number, frame: number) => void;
}

/** What the readings have painted, each in its color: laid on the images or not, and where it lies. */
export function MasksOnImages({ item, masks, onShow }: MasksOnImagesProps) {
  const letters = lettersWithMasks(item);
  if (letters.length === 0) return null;
  return (
    <fieldset className={styles.masks}>
      <legend>Masks on the images</legend>
      {letters.map((letter) => (
        <Reading key={letter} letter={letter} item={item} masks={masks} onShow={onShow} />
      ))}
      <Look masks={masks} />
    </fieldset>
  );
}

function Reading({ letter, item, masks, onShow }: MasksOnImagesProps & { letter: string }) {
  const isShown = masks.shown.has(letter);
  return (
    <div className={styles.maskReading} data-mask-reading={letter}>
      <Checkbox
        size="sm"
        label={
          <span className={styles.maskName}>
            <Swatch letter={letter} />
            Reading {letter}
          </span>
        }
        aria-label={`Mask of Reading ${letter}`}
        checked={isShown}
        onChange={() => masks.toggle(letter)}
      />
      {masks.unreadable.has(letter) && (
        <p className={styles.problem} role="alert">
          What this reading painted cannot be shown here. Its sizes are those of the server.
        </p>
      )}
      {isShown && (
        <ul className={styles.segments} aria-label={`Segments of Reading ${letter}`}>
          {paintedPlaces(item, letter).map(({ id, words, series, frame }) => (
            <li key={id}>
              <button type="button" onClick={() => onShow(series, frame)}>
                {words}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The color of a reading. */
export function Swatch({ letter }: { letter: string }) {
  return <span className={styles.swatch} style={{ background: readingColor(letter) }} aria-hidden />;
}

function Look({ masks }: { masks: MasksInHand }) {
  const { look, setLook, shown } = masks;
  const percent = Math.round(look.opacity * 100);
  return (
    <div className={styles.maskLook}>
      <label>
        <span>Opacity</span>
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={percent}
          aria-valuetext={`${percent} %`}
          disabled={shown.size === 0}
          onChange={(event) => setLook({ opacity: event.currentTarget.valueAsNumber / 100 })}
        />
        <output>{percent} %</output>
      </label>
      <Checkbox
        size="xs"
        label="Outlines"
        checked={look.hasOutline}
        disabled={shown.size === 0}
        onChange={(event) => setLook({ hasOutline: event.currentTarget.checked })}
      />
    </div>
  );
}
