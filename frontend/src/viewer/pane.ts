import { INITIAL_PANE } from "./initial-state";
import type { PaneContent } from "./layout";
import { MprStage, mprRefusal } from "./mpr-stage";
import { StackStage } from "./stack-stage";
import type { ShowOptions, Stage, StageOptions } from "./stage";
import { StateHolder } from "./state-holder";
import type { PaneState } from "./types";

export type PaneContext = Omit<StageOptions, "state" | "element" | "id">;

/** One place of the workspace: an element, and the viewport in it. */
export class Pane {
  readonly place: number;
  readonly id: string;
  readonly element: HTMLDivElement;
  readonly state: StateHolder<PaneState>;
  private readonly context: PaneContext;
  private readonly onStage: () => void;
  private readonly onLeave: () => void;
  stage: Stage | null = null;

  constructor(options: {
    place: number;
    id: string;
    element: HTMLDivElement;
    context: PaneContext;
    onState: () => void;
    /** The pane has a new viewport, of the kind that its state says: tools and layers can be put on it. */
    onStage: () => void;
    /** The viewport is about to go. */
    onLeave: () => void;
  }) {
    ({ place: this.place, id: this.id, element: this.element, context: this.context } = options);
    this.onStage = options.onStage;
    this.onLeave = options.onLeave;
    this.state = new StateHolder<PaneState>(INITIAL_PANE, options.onState);
  }

  async show({ series, kind, plane, slice, window, emptyText }: PaneContent): Promise<void> {
    if (series === null) {
      this.leave();
      this.state.update({ ...INITIAL_PANE, status: "empty", errorText: emptyText });
      return;
    }
    const { state } = this;
    const refusal = kind === "mpr" ? mprRefusal(this.context.store.info(series)) : null;
    if (refusal !== null) {
      this.leave();
      const text = { errorText: refusal, canRetry: false };
      state.update({ ...INITIAL_PANE, series, kind, plane, status: "failed", ...text });
      return;
    }
    if (!this.stage || state.value.kind !== kind || state.value.plane !== plane) {
      this.leave();
      state.update({ ...INITIAL_PANE, series, kind, plane });
      this.stage = this.makeStage();
      this.onStage();
    }
    await this.stage?.showSeries(series, { slice, window });
  }

  /** Another series, in the same way. */
  async showSeries(series: number, options?: ShowOptions): Promise<void> {
    const { kind, plane } = this.state.value;
    if (this.stage && this.state.value.status !== "empty") await this.stage.showSeries(series, options);
    else await this.show({ series, kind, plane, slice: null, window: null, emptyText: null, ...options });
  }

  dispose(): void {
    this.state.stop();
    this.leave();
  }

  private makeStage(): Stage {
    const { id, element, state, context } = this;
    const options = { ...context, id, element, state };
    const { kind, plane } = state.value;
    return kind === "mpr" ? new MprStage(options, plane ?? "acquired") : new StackStage(options);
  }

  private leave(): void {
    if (!this.stage) return;
    this.onLeave();
    this.stage.dispose();
    this.stage = null;
  }
}
