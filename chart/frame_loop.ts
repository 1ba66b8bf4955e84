/** What has to be drawn again; the higher level includes the lower one. */
export const Redraw = { none: 0, overlay: 1, all: 2 } as const;
export type RedrawLevel = typeof Redraw[keyof typeof Redraw];

/** The page's one frame loop: runs only while something asked to be drawn. */
export class FrameLoop {
  readonly #draw: (level: RedrawLevel, time: number) => void;
  readonly #request: (callback: (time: number) => void) => number;
  readonly #cancel: (handle: number) => void;
  #level: RedrawLevel = Redraw.none;
  #handle: number | null = null;

  constructor(
    draw: (level: RedrawLevel, time: number) => void,
    request: (callback: (time: number) => void) => number = (callback) =>
      requestAnimationFrame(callback),
    cancel: (handle: number) => void = (handle) => cancelAnimationFrame(handle),
  ) {
    this.#draw = draw;
    this.#request = request;
    this.#cancel = cancel;
  }

  /** Draws in the next frame; several requests become one. */
  invalidate(level: RedrawLevel): void {
    if (level > this.#level) this.#level = level;
    this.#handle ??= this.#request((time) => {
      const level = this.#level;
      this.#level = Redraw.none;
      this.#handle = null;
      this.#draw(level, time);
    });
  }

  stop(): void {
    if (this.#handle !== null) this.#cancel(this.#handle);
    this.#handle = null;
    this.#level = Redraw.none;
  }
}
