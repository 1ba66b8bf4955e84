import type { DepthDiff } from "./types.ts";

/** Whether a diff holds nothing that a book at `lastId` lacks. */
export function isOlder(diff: DepthDiff, lastId: number, afterSnapshot: boolean): boolean {
  // USD-M: a first diff that ends at the snapshot's id may name levels beyond what that covers.
  const mayRepeat = afterSnapshot && diff.previousUpdateId !== undefined;
  return mayRepeat ? diff.lastUpdateId < lastId : diff.lastUpdateId <= lastId;
}

/**
 * Whether a diff that is newer than `lastId` joins it without a gap.
 *
 * Spot: U may be at most lastId + 1. USD-M tells the id of the diff before (pu), because U is not
 * the previous u + 1 there: it must be lastId; right after a snapshot the diff may also span it.
 *
 * @param afterSnapshot `lastId` is a snapshot's, not a diff's
 */
export function follows(diff: DepthDiff, lastId: number, afterSnapshot: boolean): boolean {
  const { firstUpdateId, lastUpdateId, previousUpdateId } = diff;
  if (previousUpdateId === undefined) return firstUpdateId <= lastId + 1;
  if (previousUpdateId === lastId) return true;
  return afterSnapshot && firstUpdateId <= lastId && lastUpdateId >= lastId;
}
