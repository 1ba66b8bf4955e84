import { AttemptLimit } from "../../collector/attempt_limit.ts";
import { StreamKeeper, type StreamLimits } from "../../collector/stream_keeper.ts";
import { SocketServer } from "./socket_server.ts";

/** Nothing ends by time. */
const PATIENT: StreamLimits = { idleMs: 60_000, maxAgeMs: 3_600_000, overlapMs: 60_000 };

export interface Down {
  readonly reason: string;
  readonly retryMs: number;
}

/** What has come so far, and what is waited for. */
class Arrivals<T> {
  readonly all: T[] = [];
  #next = Promise.withResolvers<void>();

  add(one: T): void {
    this.all.push(one);
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  async upTo(count: number): Promise<readonly T[]> {
    while (this.all.length < count) await this.#next.promise;
    return this.all.slice(0, count);
  }

  async upToFirst(one: T): Promise<void> {
    while (!this.all.includes(one)) await this.#next.promise;
  }
}

/** Tells these pauses, one after the other, and then none. */
export class HandLimit extends AttemptLimit {
  readonly #pauses: number[];
  readonly #used = Promise.withResolvers<void>();
  /** Resolves when the last of the pauses was told. */
  readonly used = this.#used.promise;

  constructor(pauses: readonly number[]) {
    super();
    this.#pauses = [...pauses];
  }

  override pauseMs(): number {
    const pauseMs = this.#pauses.shift() ?? 0;
    if (this.#pauses.length === 0) this.#used.resolve();
    return pauseMs;
  }
}

/** A keeper that runs against a server of the test's own, and is stopped at the end. */
export function keep(limits: Partial<StreamLimits> = {}, attempts?: AttemptLimit) {
  const server = new SocketServer();
  const frames = new Arrivals<string>();
  const downs = new Arrivals<Down>();
  const opens = new Arrivals<null>();
  const stop = new AbortController();
  const keeper = new StreamKeeper(
    server.url,
    {
      onOpen: () => opens.add(null),
      onFrame: (text) => frames.add(text),
      onDown: (reason, retryMs) => downs.add({ reason, retryMs }),
    },
    { ...PATIENT, ...limits },
    attempts,
  );
  const done = keeper.run(stop.signal);
  return {
    server,
    frames,
    downs,
    opens,
    keeper,
    /** The first connection, as soon as both sides know that it is open. */
    async first() {
      const [first] = await Promise.all([server.next(), opens.upTo(1)]);
      return first;
    },
    async stop() {
      stop.abort(new Error("stopped"));
      await done;
    },
    async [Symbol.asyncDispose]() {
      await this.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}
