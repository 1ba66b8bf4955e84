/** Ids that are held, as sorted, disjoint, never adjacent closed ranges. Usually just one. */
export class IdRanges {
  readonly #ranges: { from: number; to: number }[] = [];

  get ranges(): readonly { readonly from: number; readonly to: number }[] {
    return this.#ranges;
  }

  has(id: number): boolean {
    return this.covers(id, id);
  }

  /** Whether every id from `from` to `to` is held; an empty range (to < from) always is. */
  covers(from: number, to: number): boolean {
    if (to < from) return true;
    const range = this.#ranges[this.#lastAtOrBefore(from)];
    return range !== undefined && range.to >= to;
  }

  /** Adds one id; returns false when it was held already. */
  add(id: number): boolean {
    const index = this.#lastAtOrBefore(id);
    const before = this.#ranges[index];
    if (before !== undefined && before.to >= id) return false;
    const after = this.#ranges[index + 1];
    const joinsBefore = before !== undefined && before.to === id - 1;
    const joinsAfter = after !== undefined && after.from === id + 1;
    if (joinsBefore && joinsAfter) {
      before.to = after.to;
      this.#ranges.splice(index + 1, 1);
    } else if (joinsBefore) before.to = id;
    else if (joinsAfter) after.from = id;
    else this.#ranges.splice(index + 1, 0, { from: id, to: id });
    return true;
  }

  /** Forgets the ids from `from` to `to`. */
  remove(from: number, to: number): void {
    for (let i = this.#ranges.length - 1; i >= 0; i--) {
      const range = this.#ranges[i];
      if (range.to < from || range.from > to) continue;
      const rest = [{ from: range.from, to: from - 1 }, { from: to + 1, to: range.to }];
      this.#ranges.splice(i, 1, ...rest.filter((part) => part.from <= part.to));
    }
  }

  /** The ids missing between the first and the last held one. */
  holes(): { from: number; to: number }[] {
    return this.#ranges.slice(1).map((range, i) => ({
      from: this.#ranges[i].to + 1,
      to: range.from - 1,
    }));
  }

  /** Index of the last range that starts at or before an id, or -1. */
  #lastAtOrBefore(id: number): number {
    // The newest range first: ids nearly always come in order.
    for (let i = this.#ranges.length - 1; i >= 0; i--) {
      if (this.#ranges[i].from <= id) return i;
    }
    return -1;
  }
}
