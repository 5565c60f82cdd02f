import { projectOnSlice } from "./geometry";
import { INITIAL_PANE } from "./initial-state";
import { contentsFor, type Layout, type PaneContent, paneCount, planeOf, stackOf } from "./layout";
import type { Pane } from "./pane";
import { follow, goTo } from "./pane-links";
import { BODY_PLANES, bodyPlane } from "./planes";
import type { Stage } from "./stage";
import type { StateHolder } from "./state-holder";
import type { CaseState, MprPlane, ViewerSeries } from "./types";

interface PaneSetOptions {
  series: readonly ViewerSeries[];
  /** What each pane shows to begin with. */
  contents: readonly PaneContent[];
  state: StateHolder<CaseState>;
  /** Another pane is active, or the active one shows something else. */
  onActive: () => void;
}

/** The panes of a case: which of them there are, what they show, and how they go together. */
export class PaneSet {
  private readonly options: PaneSetOptions;
  private readonly state: StateHolder<CaseState>;
  private readonly panes = new Map<number, Pane>();
  private contents: readonly PaneContent[];

  constructor(options: PaneSetOptions) {
    this.options = options;
    this.state = options.state;
    this.contents = options.contents;
  }

  get all(): readonly Pane[] {
    return [...this.panes.values()];
  }

  get stages(): readonly Stage[] {
    return this.all.flatMap(({ stage }) => stage ?? []);
  }

  /** The active pane, once its element is there. */
  get active(): Pane | undefined {
    return this.panes.get(this.activePlace);
  }

  get activePlace(): number {
    return this.state.value.active;
  }

  at(place: number): Pane | undefined {
    return this.panes.get(place);
  }

  add(pane: Pane): void {
    this.panes.set(pane.place, pane);
  }

  /** Show in a pane what belongs there. */
  begin(pane: Pane): void {
    void pane.show(this.contents[pane.place] ?? stackOf(null));
  }

  remove(pane: Pane): void {
    if (this.panes.get(pane.place) === pane) this.panes.delete(pane.place);
    pane.dispose();
  }

  /** The place of the pane before or after the active one, around the end. */
  neighbor(delta: 1 | -1): number {
    const { active, layout } = this.state.value;
    return (active + delta + paneCount(layout)) % paneCount(layout);
  }

  /** Make a pane the one that keys and buttons act on. */
  activate(place: number): void {
    if (place < 0 || place >= paneCount(this.state.value.layout) || place === this.activePlace) return;
    const maximized = this.state.value.maximized === null ? null : place;
    this.state.update({ active: place, hint: null, maximized });
    this.options.onActive();
  }

  /** Another number of panes; those that are there keep what they show, the active one above all. */
  setLayout(layout: Layout): void {
    const before = this.activePlace;
    const active = Math.min(before, paneCount(layout) - 1);
    const shown = this.contents.map((one, place) => this.shownIn(place) ?? one);
    const kept = shown[before];
    if (kept && active !== before) {
      shown[active] = kept;
      void this.panes.get(active)?.show(kept);
    }
    this.contents = contentsFor(layout, shown, this.options.series);
    this.state.update({ layout, active, maximized: null });
    this.options.onActive();
  }

  /** Let the active pane, or another one, fill the viewer; once more puts it back. */
  toggleMaximized(place = this.activePlace): void {
    const { layout, maximized } = this.state.value;
    if (paneCount(layout) === 1) return;
    this.activate(place);
    this.state.update({ maximized: maximized === null ? place : null });
  }

  /** Let the other panes follow the active one by position in the patient, or no longer. */
  toggleLink(): void {
    this.state.update({ isLinked: !this.state.value.isLinked });
    if (this.active) this.noteMoved(this.active);
  }

  toggleLines(): void {
    this.state.update({ hasLines: !this.state.value.hasLines });
  }

  toggleCrosshair(): void {
    this.state.update({ isCrosshair: !this.state.value.isCrosshair, crosshair: null });
  }

  /** Bring every pane to the place of the patient at a place of the active pane, in CSS pixels. */
  pointTo(x: number, y: number): void {
    const { active } = this;
    const slice = active?.state.value.geometry;
    if (!active?.stage || !slice) return;
    const point = projectOnSlice(active.stage.pointAt(x, y), slice);
    const crosshair = { point, frameOfReferenceUid: slice.frameOfReferenceUid };
    this.state.update({ crosshair });
    goTo(
      crosshair,
      this.all.filter((pane) => pane !== active),
    );
  }

  /** A pane goes to another slice or shows another series: linked ones go with the active one. */
  noteMoved(pane: Pane): void {
    const { active } = this;
    if (!this.state.value.isLinked || !active) return;
    follow(active, pane === active ? this.all : [pane]);
  }

  /** Show a pane's series in a plane of its axes; null for its slices as they were taken. */
  async showPlane(plane: MprPlane | null, place = this.activePlace): Promise<void> {
    const pane = this.panes.get(place);
    if (!pane || pane.state.value.status === "empty") return;
    const { series, plane: before } = pane.state.value;
    if (plane === before) return;
    await pane.show({ ...stackOf(series), kind: plane === null ? "stack" : "mpr", plane });
  }

  /** The series of the active pane in three panes: as it was taken, and in the two planes across it. */
  showThreePlanes(): void {
    const { geometry, series, status, kind } = this.active?.state.value ?? INITIAL_PANE;
    if (status === "empty") return;
    const taken = geometry && kind === "stack" ? bodyPlane(geometry) : "axial";
    const across = BODY_PLANES.filter((plane) => plane !== taken);
    const contents = [stackOf(series), ...across.map((plane) => planeOf(series, plane))];
    this.contents = contents;
    this.state.update({ layout: { rows: 1, columns: 3 }, active: 0, maximized: null });
    for (const pane of this.all) {
      const content = contents[pane.place];
      const { kind: before, series: shown } = pane.state.value;
      const isThere = pane.place === 0 && before === "stack" && shown === series;
      if (content && !isThere) void pane.show(content);
    }
    this.options.onActive();
  }

  /** Show a series in the active pane, or in another one, from where it was left or a 1-based slice. */
  async showSeries(series: number, slice?: number, place = this.activePlace): Promise<void> {
    const pane = this.panes.get(place);
    if (pane) await pane.showSeries(series, { slice: slice ?? null });
    else this.contents = this.contents.map((one, at) => (at === place ? stackOf(series) : one));
  }

  /** Go to a 1-based slice of a series: in the active pane, or else in one that shows the series. */
  showSlice(series: number, frame: number): void {
    const shows = (pane: Pane | undefined) =>
      pane?.stage && pane.state.value.kind === "stack" && pane.state.value.series === series;
    const pane = shows(this.active) ? this.active : this.all.find(shows);
    if (!pane) void this.showSeries(series, frame);
    else {
      this.activate(pane.place);
      pane.stage?.scrollTo(frame);
    }
  }

  /** What a pane shows now, to be shown again by a pane of another layout. */
  private shownIn(place: number): PaneContent | null {
    const state = this.panes.get(place)?.state.value;
    if (!state || state.status === "empty") return null;
    const { series, kind, plane, slice } = state;
    return { series, kind, plane, slice: slice || null, window: null, emptyText: null };
  }
}
