/** 1: bids, or a buyer; -1: asks, or a seller. */
export type Side = 1 | -1;

/** Ticks whose resting quantity changed since the last diff; a tick may change on both sides. */
export class LevelChanges {
  #bids = new Set<number>();
  #asks = new Set<number>();
  /** Id of the last change that a diff has told. */
  #toldId: number;

  constructor(updateId: number) {
    this.#toldId = updateId;
  }

  note(side: Side, tick: number): void {
    (side === 1 ? this.#bids : this.#asks).add(tick);
  }

  /** Changes up to `updateId`, best price first, or null when there are none. */
  take(updateId: number): { firstId: number; bids: number[]; asks: number[] } | null {
    if (updateId === this.#toldId) return null;
    const firstId = this.#toldId + 1;
    const bids = [...this.#bids].sort((a, b) => b - a);
    const asks = [...this.#asks].sort((a, b) => a - b);
    this.#toldId = updateId;
    this.#bids.clear();
    this.#asks.clear();
    return { firstId, bids, asks };
  }
}
