import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import formStyles from "../../../shared/forms/components/forms.module.css";
import { PelvisDrawing } from "../../../shared/forms/components/PelvisDrawing";
import type { Option } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";

interface PlaceOptionsProps {
  view: "axial" | "coronal";
  options: readonly Option[];
  onPlace: (place: number, at: [number, number]) => void;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where the options lie on the diagram: choose one, then click its place or move it with the arrow keys. */
export function PlaceOptions({ view, options, onPlace }: PlaceOptionsProps) {
  const [chosen, setChosen] = useState(0);
  const current = Math.min(chosen, options.length - 1);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const [x, y] = options[current]?.at ?? [50, 50];
    onPlace(current, [clamp(x + step[0]), clamp(y + step[1])]);
  };
  const onClick = (event: React.MouseEvent<HTMLButtonElement>) => {
    if (event.detail === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const share = (value: number, start: number, size: number) =>
      clamp(Math.round(((value - start) / size) * 100));
    onPlace(current, [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)]);
  };
  return (
    <div className={styles.places}>
      <NativeSelect
        size="xs"
        label="Place on the diagram"
        value={String(current)}
        data={options.map(({ label }, place) => ({ value: String(place), label }))}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
      />
      <button
        type="button"
        className={`${formStyles.diagram} ${styles.placing}`}
        aria-label={`Place of ${options[current]?.label ?? "the option"}: arrow keys move it`}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        <PelvisDrawing view={view} />
        {options.map(
          ({ value, at }, place) =>
            at && (
              <span
                key={value}
                className={formStyles.spot}
                style={{ left: `${at[0]}%`, top: `${at[1]}%` }}
                data-chosen={place === current || undefined}
              />
            ),
        )}
      </button>
    </div>
  );
}

const clamp = (value: number): number => Math.min(100, Math.max(0, value));
