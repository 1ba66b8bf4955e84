import { MINUTE_MS, openTimeOf } from "./interval.ts";

/** Sub-buckets of one octave: the upper bits of the mantissa. */
const MANTISSA_BITS = 6;
const BUCKETS_AN_OCTAVE = 2 ** MANTISSA_BITS;
/** Lots are exact integers below 2 ** 53. */
const BUCKETS = 54 * BUCKETS_AN_OCTAVE;
const EXPONENT_BIAS = 1023;

const double = new Float64Array(1);
/** The same memory as words; the upper one comes second on every platform that Deno runs on. */
const words = new Uint32Array(double.buffer);

/** Counts of one closed minute, without the empty buckets. */
interface MinuteCounts {
  readonly time: number;
  readonly buckets: Uint16Array;
  readonly counts: Uint32Array;
}

/**
 * A percentile of quantities over the last `windowMinutes`, from samples with their time.
 *
 * Quantities are counted in buckets, 64 to an octave, by integer arithmetic alone: the same samples
 * give the same number on every machine. The answer is the middle of the bucket that holds the exact
 * percentile (nearest rank), so it is within 1 / 128 (0.8 %) of it, and exact below 128 lots. The
 * window slides by whole minutes: it holds the running minute and the `windowMinutes - 1` before it.
 * Memory: 28 kB, and 6 bytes for each used bucket of each minute, some 100 to 300 kB in practice.
 */
export class WallThreshold {
  readonly #share: number;
  readonly #windowMs: number;
  readonly #total = new Uint32Array(BUCKETS);
  #running = new Uint32Array(BUCKETS);
  #runningTime = -Infinity;
  #minutes: MinuteCounts[] = [];
  #samples = 0;

  /** @param percentile above 0, at most 100 */
  constructor(percentile: number, windowMinutes = 60) {
    if (!(percentile > 0 && percentile <= 100)) {
      throw new RangeError(`percentile must be above 0 and at most 100, received ${percentile}`);
    }
    if (!(Number.isInteger(windowMinutes) && windowMinutes > 0)) {
      throw new RangeError(
        `windowMinutes must be a whole number above 0, received ${windowMinutes}`,
      );
    }
    this.#share = percentile / 100;
    this.#windowMs = windowMinutes * MINUTE_MS;
  }

  /** Opens the minute of `time` and forgets what has left the window; times may not go back. */
  advance(time: number): void {
    const minute = openTimeOf(time, MINUTE_MS);
    if (minute <= this.#runningTime) return;
    this.#closeMinute();
    this.#runningTime = minute;
    while (this.#minutes.length > 0 && this.#minutes[0].time <= minute - this.#windowMs) {
      this.#forget(this.#minutes[0]);
      this.#minutes.shift();
    }
  }

  /** Counts a resting quantity in the running minute; nothing resting is no sample. */
  add(lots: number): void {
    if (lots < 1) return;
    const bucket = bucketOf(lots);
    this.#running[bucket]++;
    this.#total[bucket]++;
    this.#samples++;
  }

  /** The percentile in lots, or null while the window holds no sample. */
  value(): number | null {
    if (this.#samples === 0) return null;
    // Nearest rank, counted from the top: the wanted bucket is among the uppermost.
    let above = this.#samples - Math.ceil(this.#share * this.#samples);
    for (let bucket = BUCKETS - 1; bucket > 0; bucket--) {
      above -= this.#total[bucket];
      if (above < 0) return middleOf(bucket);
    }
    return middleOf(0);
  }

  #closeMinute(): void {
    const used: number[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      if (this.#running[bucket] > 0) used.push(bucket);
    }
    if (used.length === 0) return;
    this.#minutes.push({
      time: this.#runningTime,
      buckets: Uint16Array.from(used),
      counts: Uint32Array.from(used, (bucket) => this.#running[bucket]),
    });
    this.#running.fill(0);
  }

  #forget({ buckets, counts }: MinuteCounts): void {
    for (let i = 0; i < buckets.length; i++) {
      this.#total[buckets[i]] -= counts[i];
      this.#samples -= counts[i];
    }
  }
}

/** Exponent and upper mantissa bits of a double are a bucket number as they stand; lots >= 1. */
function bucketOf(lots: number): number {
  double[0] = lots;
  return (words[1] >>> (20 - MANTISSA_BITS)) - EXPONENT_BIAS * BUCKETS_AN_OCTAVE;
}

function middleOf(bucket: number): number {
  const octave = 2 ** Math.floor(bucket / BUCKETS_AN_OCTAVE);
  const width = octave / BUCKETS_AN_OCTAVE;
  const low = octave + (bucket % BUCKETS_AN_OCTAVE) * width;
  // Its integers run from `low` to `low + width - 1`; below 128 it is one integer.
  return width <= 1 ? low : low + (width - 1) / 2;
}
