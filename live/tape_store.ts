import type { TradesFrame } from "../bus/messages.ts";
import type { Trade } from "../market/types.ts";

const KEPT = 100;

/** The newest trades, oldest first. */
export class TapeStore {
  readonly trades: Trade[] = [];

  applyFrame(frame: TradesFrame): void {
    if (frame.full) this.trades.length = 0;
    this.trades.push(...frame.trades);
    if (this.trades.length > KEPT) this.trades.splice(0, this.trades.length - KEPT);
  }
}
