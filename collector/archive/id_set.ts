/** A closed range of ids. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** What a reader may ask of the ids held. */
export interface HeldIds {
  readonly ranges: readonly IdRange[];
  has(id: number): boolean;
  covers(from: number, to: number): boolean;
  holes(): IdRange[];
}

/** Ids as sorted, disjoint, never adjacent closed ranges, to which whole ranges can be added. */
export class IdSet implements HeldIds {
  readonly #ranges: { from: number; to: number }[] = [];

  static of(ids: Iterable<number>): IdSet {
    const set = new IdSet();
    for (const id of ids) set.add(id);
    return set;
  }

  get ranges(): readonly IdRange[] {
    return this.#ranges;
  }

  get last(): number | null {
    return this.#ranges.at(-1)?.to ?? null;
  }

  has(id: number): boolean {
    return this.covers(id, id);
  }

  /** Whether every id from `from` to `to` is held; an empty range (to < from) always is. */
  covers(from: number, to: number): boolean {
    if (to < from) return true;
    const range = this.#ranges[this.#firstEndingFrom(from)];
    return range !== undefined && range.from <= from && range.to >= to;
  }

  /** Adds one id; returns false when it was held already. */
  add(id: number): boolean {
    const newest = this.#ranges.at(-1);
    if (newest !== undefined && newest.to === id - 1) {
      newest.to = id;
      return true;
    }
    if (this.has(id)) return false;
    this.addRange(id, id);
    return true;
  }

  addRange(from: number, to: number): void {
    if (to < from) return;
    const start = this.#firstEndingFrom(from - 1);
    let end = start;
    const joined = { from, to };
    for (; end < this.#ranges.length && this.#ranges[end].from <= to + 1; end++) {
      joined.from = Math.min(joined.from, this.#ranges[end].from);
      joined.to = Math.max(joined.to, this.#ranges[end].to);
    }
    this.#ranges.splice(start, end - start, joined);
  }

  remove(id: number): void {
    const index = this.#firstEndingFrom(id);
    const range = this.#ranges[index];
    if (range === undefined || range.from > id) return;
    const kept = [{ from: range.from, to: id - 1 }, { from: id + 1, to: range.to }];
    this.#ranges.splice(index, 1, ...kept.filter(({ from, to }) => from <= to));
  }

  /** The ids missing between the first and the last held one. */
  holes(): IdRange[] {
    return this.#ranges.slice(1).map((range, i) => ({
      from: this.#ranges[i].to + 1,
      to: range.from - 1,
    }));
  }

  /** Index of the first range that ends at or after an id. */
  #firstEndingFrom(id: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranges[middle].to < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
