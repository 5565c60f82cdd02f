import type { Pane } from "./pane";
import { followingSlice, nearestSlice } from "./planes";
import type { CrosshairPlace } from "./types";

/** Bring panes to the slice that lies where the active pane's does. Panes across it or of another place stay. */
export function follow(active: Pane, panes: Iterable<Pane>): void {
  const shown = active.stage?.slices()[active.state.value.targetSlice - 1];
  if (!shown) return;
  for (const pane of panes) {
    const next = pane === active ? null : followingSlice(shown, pane.stage?.slices() ?? []);
    if (next !== null) pane.stage?.scrollTo(next + 1);
  }
}

/** Bring panes, however they lie, to the slice that is nearest to a point of the patient. */
export function goTo({ point, frameOfReferenceUid }: CrosshairPlace, panes: Iterable<Pane>): void {
  for (const { stage } of panes) {
    const slices = (stage?.slices() ?? []).map((slice) =>
      slice?.frameOfReferenceUid === frameOfReferenceUid ? slice : null,
    );
    const nearest = nearestSlice(point, slices);
    if (nearest !== null) stage?.scrollTo(nearest + 1);
  }
}
