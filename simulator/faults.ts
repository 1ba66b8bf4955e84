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
  readonly #silent = new Set<string>();
  readonly #rest: PlannedRestFault[] = [];
  readonly #delays = new Map<string, Promise<void>>();
  /** New connections are refused while this is true. */
  refuseConnections = false;

  /** The next `count` events of a stream do not reach anybody. */
  dropNext(stream: string, count = 1): void {
    this.#drop.set(stream, (this.#drop.get(stream) ?? 0) + count);
  }

  /** The next `count` events of a stream come twice. */
  duplicateNext(stream: string, count = 1): void {
    this.#double.set(stream, (this.#double.get(stream) ?? 0) + count);
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

  /** How often an event of a stream is sent: 0, 1 or 2 times. */
  copiesOf(stream: string): 0 | 1 | 2 {
    if (this.#silent.has(stream) || takeOne(this.#drop, stream)) return 0;
    return takeOne(this.#double, stream) ? 2 : 1;
  }

  /** The planned answer for a REST call, after its planned delay; null = the usual answer. */
  async restAnswer(path: string): Promise<Response | null> {
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
