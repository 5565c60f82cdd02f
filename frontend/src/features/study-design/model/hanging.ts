import type { Hanging, HangingPane } from "./document";

export type Grid = "1x1" | "1x2" | "1x3" | "2x1" | "2x2" | "2x3";

export const GRIDS: readonly Grid[] = ["1x1", "1x2", "1x3", "2x1", "2x2", "2x3"];

type TakenPlane = "axial" | "sagittal" | "coronal";
/** How a pane shows its series: the slices as they were taken, in any plane or in this one, or a plane across them. */
export type Look = "stack" | `taken-${TakenPlane}` | "acquired" | TakenPlane;
export type WindowKind = "own" | "percentiles" | "values";

const NEXT_ROLES = ["T2W", "DWI", "ADC", "T1", "CT"];

export function gridOf({ rows, columns }: Hanging): Grid {
  return GRIDS.find((grid) => grid === `${rows}x${columns}`) ?? "1x1";
}

function newPane(role: string | null): HangingPane {
  return { role, kind: "stack", plane: null, start: null, window: null };
}

/** The hanging with another grid: panes stay at their numbers, and new ones take sequences that no other shows. */
export function withGrid(hanging: Hanging | null, grid: Grid, primaryRole: string): Hanging {
  const [rows = 1, columns = 1] = grid.split("x").map(Number);
  const panes = (hanging?.panes ?? [newPane(primaryRole)]).slice(0, rows * columns);
  while (panes.length < rows * columns) {
    panes.push(newPane(NEXT_ROLES.find((role) => !panes.some((pane) => pane.role === role)) ?? null));
  }
  return { rows, columns, panes, linked: hanging?.linked ?? true };
}

export function lookOf({ kind, plane }: HangingPane): Look {
  if (kind === "mpr") return plane ?? "acquired";
  return plane === null || plane === "acquired" ? "stack" : `taken-${plane}`;
}

/** A plane across the slices begins in its middle. */
export function withLook(pane: HangingPane, look: Look): HangingPane {
  switch (look) {
    case "stack":
      return { ...pane, kind: "stack", plane: null };
    case "taken-axial":
    case "taken-sagittal":
    case "taken-coronal":
      return { ...pane, kind: "stack", plane: look.slice("taken-".length) as TakenPlane };
    default:
      return { ...pane, kind: "mpr", plane: look, start: null };
  }
}

export function windowKind({ window }: HangingPane): WindowKind {
  if (window === null) return "own";
  return "low" in window ? "percentiles" : "values";
}

export function withWindowKind(pane: HangingPane, kind: WindowKind): HangingPane {
  if (kind === windowKind(pane)) return pane;
  if (kind === "own") return { ...pane, window: null };
  return { ...pane, window: kind === "percentiles" ? { low: 1, high: 99 } : { center: 40, width: 400 } };
}
