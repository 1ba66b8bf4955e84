const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next attempt: doubling from 250 ms to 30 s, of which a random half
 * is left out so that many clients do not come back in step.
 *
 * @param failures attempts that failed in a row, from 1
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + random() / 2);
}
