/** An answer that REST gives instead of its own. */
export interface RestFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface PlannedRestFault extends RestFault {
  readonly path: string;
  times: number;
}

/**
 * What goes wrong on purpose, for tests of a client: everything that networks and exchanges do.
 * Streams are named as in URLs, e.g. "btcusdt@aggTrade".
 */
export class Faults {
  readonly #drop = new Map<string, number>();
  readonly #double = new Map<string, number>();
  readonly #halve = new Map<string, number>();
  readonly #swap = new Map<string, number>();
  /** Events that wait until the next of their stream has gone before them. */
  readonly #held = new Map<string, string>();
  readonly #silent = new Set<string>();
  readonly #rest: PlannedRestFault[] = [];
  readonly #delays = new Map<string, Promise<void>>();
  /** New connections are refused while this is true. */
  refuseConnections = false;
  /** So many new connections are taken, and answer, but never carry an event. */
  muteClients = 0;
  /** Told of every connection that was refused. */
  onRefusal: (() => void) | null = null;
  /** Told of every REST call as it arrives, before it is delayed or answered. */
  onRestCall: ((path: string) => void) | null = null;

  /** The next `count` events of a stream do not reach anybody. */
  dropNext(stream: string, count = 1): void {
    this.#drop.set(stream, (this.#drop.get(stream) ?? 0) + count);
  }

  /** The next `count` events of a stream come twice. */
  duplicateNext(stream: string, count = 1): void {
    this.#double.set(stream, (this.#double.get(stream) ?? 0) + count);
  }

  /** Of the next `count` events of a stream only the first half of the text comes. */
  halveNext(stream: string, count = 1): void {
    this.#halve.set(stream, (this.#halve.get(stream) ?? 0) + count);
  }

  /** The next event of a stream comes after the one that follows it; `count` pairs do so. */
  swapNext(stream: string, count = 1): void {
    this.#swap.set(stream, (this.#swap.get(stream) ?? 0) + count);
  }

  /** A stream that is subscribed and acknowledged, but carries nothing. */
  silence(stream: string, on: boolean): void {
    if (on) this.#silent.add(stream);
    else this.#silent.delete(stream);
  }

  /** The next `times` calls of a REST path get another answer. */
  failRest(path: string, fault: RestFault, times = 1): void {
    this.#rest.push({ path, ...fault, times });
  }

  /** Calls of a REST path wait until `until` resolves. */
  delayRest(path: string, until: Promise<void>): void {
    this.#delays.set(path, until);
  }

  /** What is sent for an event of a stream, in order; mostly the event itself. */
  sentFor(stream: string, event: string): readonly string[] {
    if (this.#silent.has(stream) || takeOne(this.#drop, stream)) return [];
    const held = this.#held.get(stream);
    if (held !== undefined) {
      this.#held.delete(stream);
      return [event, held];
    }
    if (takeOne(this.#swap, stream)) {
      this.#held.set(stream, event);
      return [];
    }
    if (takeOne(this.#halve, stream)) return [event.slice(0, event.length / 2)];
    return takeOne(this.#double, stream) ? [event, event] : [event];
  }

  /** The planned answer for a REST call, after its planned delay; null = the usual answer. */
  async restAnswer(path: string): Promise<Response | null> {
    this.onRestCall?.(path);
    await this.#delays.get(path);
    const fault = this.#rest.find((one) => one.path === path && one.times > 0);
    if (fault === undefined) return null;
    fault.times--;
    return new Response(fault.body ?? "", { status: fault.status, headers: fault.headers });
  }
}

function takeOne(counts: Map<string, number>, stream: string): boolean {
  const left = counts.get(stream) ?? 0;
  if (left === 0) return false;
  counts.set(stream, left - 1);
  return true;
}
