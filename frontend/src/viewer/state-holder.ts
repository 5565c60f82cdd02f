import { INITIAL_STATE } from "./initial-state";
import type { ViewerState } from "./types";

/** The viewer's state; tells of each change that is one. */
export class StateHolder {
  private readonly onState: (state: ViewerState) => void;
  private isStopped = false;
  value: ViewerState = INITIAL_STATE;

  constructor(onState: (state: ViewerState) => void) {
    this.onState = onState;
  }

  update(change: Partial<ViewerState>): void {
    if (this.isStopped) return;
    const next = { ...this.value, ...change };
    const keys = Object.keys(change) as (keyof ViewerState)[];
    if (keys.every((key) => JSON.stringify(next[key]) === JSON.stringify(this.value[key]))) return;
    this.value = next;
    this.onState(next);
  }

  fail(errorText: string): void {
    this.update({ status: "failed", errorText });
  }

  stop(): void {
    this.isStopped = true;
  }
}
