import type { Trade } from "../../market/types.ts";
import type { FrameBody, Topic } from "./topic.ts";

/** The tape shows no more; a burst sends the newest and says how many it left out. */
const MAX_TAPE_TRADES = 60;

/** The tape: newest trades for people to read. Sums come from candles, which never skip. */
export class TapeTopic implements Topic<"trades"> {
  readonly kind = "trades";
  readonly mustBeFull = false;
  #recent: Trade[] = [];
  #pending = 0;
  #newestId = -1;

  get isDirty(): boolean {
    return this.#pending > 0;
  }

  addTrade(trade: Trade): void {
    // Trades fetched back are older than what the tape shows.
    if (trade.id <= this.#newestId) return;
    this.#newestId = trade.id;
    this.#recent.push(trade);
    this.#pending++;
    if (this.#recent.length >= MAX_TAPE_TRADES * 4) {
      this.#recent = this.#recent.slice(-MAX_TAPE_TRADES);
    }
  }

  body(_state: unknown, _context: unknown, full: boolean): FrameBody<"trades"> {
    if (full) return { trades: this.#recent.slice(-MAX_TAPE_TRADES), skipped: 0 };
    const shown = Math.min(this.#pending, MAX_TAPE_TRADES);
    return { trades: this.#recent.slice(-shown), skipped: this.#pending - shown };
  }

  clear(): void {
    this.#pending = 0;
  }
}
