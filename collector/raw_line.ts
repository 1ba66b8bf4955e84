/** One message as a line of a raw recording. */
export interface RawLine {
  /** Local time in ns. */
  readonly time: bigint;
  /** `<time> <text>\n` */
  readonly line: string;
}

const NS_PER_US = 1000n;
const NS_PER_DAY = 86_400_000_000_000n;
/** The running clock may be so far beside the system's before it is set anew. */
const MAX_CLOCK_ERROR_MS = 20;

/**
 * Makes lines `<local time in ns> <raw text>\n`, each later than the one before.
 *
 * A double holds microseconds of our time exactly; what is finer keeps messages of the same
 * microsecond, or of a clock that was set back, in their order.
 *
 * @param now local time in ms, with a fraction where the clock has one
 */
export function rawLines(now: () => number = localClock()): (text: string) => RawLine {
  let last = 0n;
  return (text) => {
    const time = BigInt(Math.round(now() * 1000)) * NS_PER_US;
    last = time > last ? time : last + 1n;
    return { time: last, line: `${last} ${inOneLine(text)}\n` };
  };
}

/** UTC day of a time in ns, counted from the epoch. */
export function dayOf(time: bigint): bigint {
  return time / NS_PER_DAY;
}

/** Line breaks are white space in JSON: inside its strings they are never raw. */
function inOneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, " ") : text;
}

/** The system's time in ms with microseconds, which Date.now() lacks. */
function localClock(): () => number {
  let offset = performance.timeOrigin;
  return () => {
    const system = Date.now();
    const precise = offset + performance.now();
    if (Math.abs(precise - system) <= MAX_CLOCK_ERROR_MS) return precise;
    // The system's time was set, or the machine slept: the running clock knows of neither.
    offset = system - performance.now();
    return system;
  };
}
