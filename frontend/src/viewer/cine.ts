import { elementOf, ownWindows } from "../shared/lib/own-windows";

/** Frames a second to choose from. */
export const CINE_SPEEDS = [5, 10, 15, 20, 30] as const;
export const CINE_SPEED = 10;
/** What a computer that is set to little motion plays at most. */
export const REDUCED_SPEED = 2;

const INPUTS = ["keydown", "pointerdown", "wheel"] as const;

interface CineOptions {
  /** Show the next frame. */
  step: () => void;
  onChange: (isPlaying: boolean) => void;
  /** Where input is heard. */
  input?: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  hasReducedMotion?: () => boolean;
}

/** Shows one frame after the other until it is paused, which any input of the reader does. */
export class Cine {
  private readonly options: CineOptions;
  private readonly input: NonNullable<CineOptions["input"]>;
  private timer: ReturnType<typeof setInterval> | undefined;
  private speed: number = CINE_SPEED;
  /** How often it was started and paused by its own button or key. */
  private turn = 0;

  constructor(options: CineOptions) {
    this.options = options;
    this.input = options.input ?? ownWindows;
  }

  get isPlaying(): boolean {
    return this.timer !== undefined;
  }

  /** Frames a second that it plays with. */
  get framesPerSecond(): number {
    const reduced = this.options.hasReducedMotion ?? hasReducedMotion;
    return reduced() ? Math.min(this.speed, REDUCED_SPEED) : this.speed;
  }

  /** Frames a second, from the next start on. */
  setSpeed(framesPerSecond: number): void {
    this.speed = framesPerSecond;
  }

  toggle(): void {
    this.turn += 1;
    if (this.isPlaying) this.pause();
    else this.play();
  }

  readonly pause = (): void => {
    if (!this.isPlaying) return;
    clearInterval(this.timer);
    this.timer = undefined;
    for (const kind of INPUTS) this.input.removeEventListener(kind, this.onInput, true);
    this.options.onChange(false);
  };

  private play(): void {
    this.timer = setInterval(this.options.step, 1000 / this.framesPerSecond);
    for (const kind of INPUTS) this.input.addEventListener(kind, this.onInput, true);
    this.options.onChange(true);
  }

  /** What the input does comes first: the button and the key that pause it must not find it paused, and start it anew. */
  private readonly onInput = (event: Event): void => {
    if (elementOf(event)?.closest("[data-cine]") && event.type !== "wheel") return;
    const { turn } = this;
    // No frame comes after the input: it would undo where that leads.
    clearInterval(this.timer);
    setTimeout(() => {
      if (this.turn === turn) this.pause();
    });
  };
}

function hasReducedMotion(): boolean {
  return window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}
