const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Wait before the next try: doubles up to 15 s, and a random half of it keeps many pages from
 * coming back at the same moment.
 *
 * @param attempt 0 for the first try after a loss
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(full / 2 + (full / 2) * random);
}
