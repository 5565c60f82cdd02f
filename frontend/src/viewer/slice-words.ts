import type { SliceGeometry } from "./geometry";
import { type BodyPlane, bodyPlane, centerOf } from "./planes";

/** The axis of the patient that a plane is counted along, and the letters of its two ends. */
const AXES: Readonly<Record<BodyPlane, { axis: 0 | 1 | 2; below: string; above: string }>> = {
  sagittal: { axis: 0, below: "R", above: "L" },
  coronal: { axis: 1, below: "A", above: "P" },
  axial: { axis: 2, below: "F", above: "H" },
};

/** Where the middle of a slice lies in the patient along the axis it is counted by, as "F 34.2 mm". */
export function positionText(slice: SliceGeometry): string {
  const { axis, below, above } = AXES[bodyPlane(slice)];
  const place = centerOf(slice)[axis];
  const mm = Math.abs(place).toFixed(1);
  return mm === "0.0" ? "0.0 mm" : `${place < 0 ? below : above} ${mm} mm`;
}

/**
 * How thick a slice is and how far the next one, as "3 mm thick, 3.3 mm apart"; null where neither is known.
 *
 * Slices that lie edge to edge say their thickness alone.
 */
export function thicknessText({ thicknessMm }: SliceGeometry, stepMm: number | null): string | null {
  const isEdgeToEdge = thicknessMm !== undefined && stepMm !== null && short(thicknessMm) === short(stepMm);
  const known = [
    thicknessMm === undefined ? null : `${short(thicknessMm)} mm thick`,
    stepMm === null || isEdgeToEdge ? null : `${short(stepMm)} mm apart`,
  ].filter((one) => one !== null);
  return known.length === 0 ? null : known.join(", ");
}

/** With two decimals at most. */
const short = (mm: number): string => String(Math.round(mm * 100) / 100);
