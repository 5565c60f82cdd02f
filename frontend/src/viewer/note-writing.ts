interface WritingOptions {
  /** The annotation whose text is being written. */
  current: () => string | null;
  show: (uuid: string | null) => void;
  /** Keep its text; null leaves it as it was. */
  finish: (uuid: string, text: string | null) => void;
}

/** The text of a note or an arrow while it is being written: whatever ends that, nothing of it is lost. */
export class NoteWriting {
  private readonly options: WritingOptions;
  /** Null before the first letter. */
  private text: string | null = null;
  private place = 0;

  constructor(options: WritingOptions) {
    this.options = options;
  }

  /** Begin in a pane, and keep what was being written before. */
  start(uuid: string, place: number): void {
    if (this.options.current() === uuid) return;
    this.keep();
    this.place = place;
    this.options.show(uuid);
  }

  /** The text is now this. */
  type(text: string): void {
    this.text = text;
  }

  /** The text stands; null leaves it as it was. */
  end(text: string | null): void {
    const uuid = this.options.current();
    this.text = null;
    if (uuid === null) return;
    this.options.show(null);
    this.options.finish(uuid, text);
  }

  /** Keep what is written so far. */
  keep(): void {
    this.end(this.text);
  }

  /** Another pane may be in hand: what was written in the one before is kept. */
  enter(place: number): void {
    if (place !== this.place) this.keep();
  }
}
