/** A depth stream that is silent for so long, while its connection carries others, is doubtful. */
const SILENT_MS = 30_000;
/** A stream may be silent because nothing happens: then it is doubted ever more seldom. */
const LONGEST_PATIENCE_MS = 30 * 60_000;

interface DepthStream {
  /** Silence counts from here: the newest frame, or the connection's begin. */
  since: number;
  lastFrameTime: number | null;
  /** Frames of the connection up to then. */
  framesBefore: number;
  patienceMs: number;
}

/**
 * Decides when a connection must be renewed because one of its depth streams was acknowledged but
 * carries nothing: the order book then stands still, and looks alive. Connections that are wholly
 * silent are not its affair, they end by themselves. Times are the local clock's.
 */
export class StreamWatch {
  readonly #streams: ReadonlyMap<string, DepthStream>;
  #frames = 0;

  /** @param symbols those whose depth the connection carries */
  constructor(symbols: readonly string[]) {
    this.#streams = new Map(symbols.map((symbol) => [symbol, {
      since: Infinity,
      lastFrameTime: null,
      framesBefore: 0,
      patienceMs: SILENT_MS,
    }]));
  }

  /** The connection was opened, or another took its place. */
  opened(time: number): void {
    for (const stream of this.#streams.values()) {
      stream.since = time;
      stream.framesBefore = this.#frames;
    }
  }

  /** A frame of the connection; `depthOf` is the symbol whose depth it tells, if it does. */
  took(depthOf: string | null, time: number): void {
    this.#frames++;
    const stream = depthOf === null ? undefined : this.#streams.get(depthOf);
    if (stream === undefined) return;
    // Two frames close to one another: it is no stream that is slow by nature.
    const { lastFrameTime } = stream;
    if (lastFrameTime !== null && time - lastFrameTime < SILENT_MS) stream.patienceMs = SILENT_MS;
    stream.since = stream.lastFrameTime = time;
    stream.framesBefore = this.#frames;
  }

  /** Why the connection is to be renewed now, or null. Asking counts as taken up. */
  reasonAt(time: number): string | null {
    for (const [symbol, stream] of this.#streams) {
      const othersSpoke = this.#frames > stream.framesBefore;
      if (!othersSpoke || time - stream.since < stream.patienceMs) continue;
      const seconds = Math.floor((time - (stream.lastFrameTime ?? stream.since)) / 1000);
      stream.patienceMs = Math.min(stream.patienceMs * 2, LONGEST_PATIENCE_MS);
      // One renewal serves all streams of the connection.
      this.opened(time);
      return `no order book data of ${symbol} for ${seconds} s while other data came`;
    }
    return null;
  }
}
