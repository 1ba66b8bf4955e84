import type { SymbolState } from "../symbol_state.ts";
import type { FeedContext, FrameBody, Topic } from "./topic.ts";

export class StatusTopic implements Topic<"status"> {
  readonly kind = "status";
  readonly mustBeFull = true;
  #dirty = true;

  get isDirty(): boolean {
    return this.#dirty;
  }

  mark(): void {
    this.#dirty = true;
  }

  body(state: SymbolState, { feed, notices }: FeedContext): FrameBody<"status"> {
    const { status } = state;
    return {
      instrument: state.instrument,
      baseGroup: state.baseTicks,
      feed,
      connected: status?.connected ?? false,
      state: status?.state ?? "connecting",
      message: status?.message ?? feed.message,
      lagMs: status?.lagMs ?? null,
      book: state.bookState,
      lastEventTime: state.lastEventTime,
      recordedSince: state.recordedSince,
      openGaps: state.gaps.open,
      repairedGaps: state.gaps.repaired,
      backfill: status?.backfill ?? null,
      recording: status?.recording ?? null,
      notices: notices.filter(({ symbol }) => symbol === null || symbol === state.symbol),
    };
  }

  clear(): void {
    this.#dirty = false;
  }
}
