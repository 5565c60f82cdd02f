import { type ComponentType, type LazyExoticComponent, lazy } from "react";

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

/** A component in a chunk of its own. What failed to load stays failed: to try again another one is made. */
export class Chunk<P extends object> {
  private readonly load: Load<P>;
  part: LazyExoticComponent<ComponentType<P>>;

  constructor(load: Load<P>) {
    this.load = load;
    this.part = lazy(load);
  }

  renew(): LazyExoticComponent<ComponentType<P>> {
    this.part = lazy(this.load);
    return this.part;
  }
}
