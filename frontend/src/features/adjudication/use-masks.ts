import { useEffect, useMemo, useRef, useState } from "react";
import type { MaskLayer } from "../../viewer/MaskLayersView";
import { unpacked } from "../../viewer/segmentation/labelmap-codec";
import type { OpenItem } from "./api/item";
import { type MaskLook, maskId, maskLayers } from "./model/masks";

export interface MasksInHand {
  /** The readings whose masks are in sight. */
  shown: ReadonlySet<string>;
  look: MaskLook;
  layers: readonly MaskLayer[];
  /** The readings of whose masks some cannot be read. */
  unreadable: ReadonlySet<string>;
  toggle: (letter: string) => void;
  setLook: (look: Partial<MaskLook>) => void;
}

/** The masks of the readings: which of them are in sight, and how. Each is unpacked when it is first wanted. */
export function useMasks(item: OpenItem): MasksInHand {
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const [look, setLook] = useState<MaskLook>({ opacity: 0.3, hasOutline: true });
  // Null: it cannot be read.
  const [labels, setLabels] = useState<ReadonlyMap<string, Uint8Array | null>>(new Map());

  const begun = useRef(new Set<string>());

  useEffect(() => {
    const wanted = item.originals
      .filter(({ letter }) => shown.has(letter))
      .flatMap(({ letter, labelmaps }) => labelmaps.map((one) => ({ id: maskId(letter, one), ...one })))
      .filter(({ id }) => !begun.current.has(id));
    for (const { id, data, shape } of wanted) {
      begun.current.add(id);
      void unpacked(data, shape[0] * shape[1] * shape[2])
        .catch(() => null)
        .then((voxels) => setLabels((before) => new Map(before).set(id, voxels)));
    }
  }, [item, shown]);

  const layers = useMemo(() => maskLayers(item, shown, labels, look), [item, shown, labels, look]);
  const failed = [...labels].filter(([, voxels]) => voxels === null).map(([id]) => id[0] as string);
  return {
    shown,
    look,
    layers,
    unreadable: new Set(failed),
    toggle: (letter) => setShown((before) => toggled(before, letter)),
    setLook: (change) => setLook((before) => ({ ...before, ...change })),
  };
}

function toggled(letters: ReadonlySet<string>, letter: string): ReadonlySet<string> {
  const next = new Set(letters);
  if (!next.delete(letter)) next.add(letter);
  return next;
}
