import { ApiError } from "../api/client";
import type { ViewerPreferences } from "./preferences";

const WAIT_MS = 600;

interface SaverOptions {
  put: (preferences: ViewerPreferences, options: { keepalive: boolean }) => Promise<unknown>;
  /** In words why the last save failed; null once one has succeeded. */
  onProblem: (problem: string | null) => void;
}

/** Saves the preferences a moment after their last change, one request at a time. */
export class PreferencesSaver {
  private readonly options: SaverOptions;
  private waiting: ViewerPreferences | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(options: SaverOptions) {
    this.options = options;
  }

  change(preferences: ViewerPreferences): void {
    this.waiting = preferences;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), WAIT_MS);
  }

  /** Resolves once nothing is waiting to be saved, or could not be saved. */
  flush({ keepalive = false } = {}): Promise<void> {
    clearTimeout(this.timer);
    if (this.waiting !== null) {
      const preferences = this.waiting;
      this.waiting = null;
      this.sending = this.sending.then(() => this.send(preferences, keepalive));
    }
    return this.sending;
  }

  private async send(preferences: ViewerPreferences, keepalive: boolean): Promise<void> {
    try {
      await this.options.put(preferences, { keepalive });
      this.options.onProblem(null);
    } catch (error) {
      // What was chosen holds on this page, and goes with the next change.
      const why = error instanceof ApiError ? error.text : "The server could not be reached.";
      this.options.onProblem(`Your choices could not be saved. ${why}`);
    }
  }
}
