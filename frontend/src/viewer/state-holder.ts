/** A state that tells of each change that is one. */
export class StateHolder<State extends object> {
  private readonly onState: (state: State) => void;
  private isStopped = false;
  value: State;

  constructor(initial: State, onState: (state: State) => void) {
    this.value = initial;
    this.onState = onState;
  }

  update(change: Partial<State>): void {
    if (this.isStopped) return;
    const next = { ...this.value, ...change };
    const keys = Object.keys(change) as (keyof State)[];
    if (keys.every((key) => JSON.stringify(next[key]) === JSON.stringify(this.value[key]))) return;
    this.value = next;
    this.onState(next);
  }

  stop(): void {
    this.isStopped = true;
  }
}
