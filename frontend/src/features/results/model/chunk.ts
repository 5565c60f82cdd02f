import { type ComponentType, type LazyExoticComponent, lazy } from "react";

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

/** A component in a chunk of its own. What failed to load stays failed: to try again another one is made. */
export class Chunk<P extends object> {
  private readonly load: Load<P>;
  private loaded: ComponentType<P> | null = null;
  private lazily: LazyExoticComponent<ComponentType<P>>;

  constructor(load: Load<P>) {
    this.load = load;
    this.lazily = lazy(this.load);
  }

  /** The component itself once it was fetched ahead, which is drawn at once; until then one that waits for it. */
  get part(): ComponentType<P> | LazyExoticComponent<ComponentType<P>> {
    return this.loaded ?? this.lazily;
  }

  /** Fetch it before it is drawn. Where that fails, whoever draws it tries again and tells. */
  fetchAhead(): void {
    this.load().then(
      ({ default: loaded }) => {
        this.loaded = loaded;
      },
      () => undefined,
    );
  }

  renew(): LazyExoticComponent<ComponentType<P>> {
    this.lazily = lazy(this.load);
    return this.lazily;
  }
}
