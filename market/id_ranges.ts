/** A closed range of ids. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** Ids that are held, as sorted, disjoint, never adjacent closed ranges. Usually just one. */
export class IdRanges {
  readonly #ranges: { from: number; to: number }[] = [];

  static of(ranges: Iterable<IdRange>): IdRanges {
    const ids = new IdRanges();
    for (const { from, to } of ranges) ids.addRange(from, to);
    return ids;
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
    // Ids nearly always come in order.
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

  /** Forgets the ids from `from` to `to`. */
  remove(from: number, to: number): void {
    for (let i = this.#ranges.length - 1; i >= 0; i--) {
      const range = this.#ranges[i];
      if (range.to < from) return;
      if (range.from > to) continue;
      const rest = [{ from: range.from, to: from - 1 }, { from: to + 1, to: range.to }];
      this.#ranges.splice(i, 1, ...rest.filter((part) => part.from <= part.to));
    }
  }

  /** The ids missing between the first and the last held one. */
  holes(): IdRange[] {
    return this.#ranges.slice(1).map((range, i) => ({
      from: this.#ranges[i].to + 1,
      to: range.from - 1,
    }));
  }

  /** The ids from `from` to `to` that are not held, ascending. */
  missing(from: number, to: number): IdRange[] {
    const missing: IdRange[] = [];
    let next = from;
    for (let i = this.#firstEndingFrom(from); i < this.#ranges.length && next <= to; i++) {
      const range = this.#ranges[i];
      if (range.from > to) break;
      if (range.from > next) missing.push({ from: next, to: range.from - 1 });
      next = range.to + 1;
    }
    if (next <= to) missing.push({ from: next, to });
    return missing;
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
