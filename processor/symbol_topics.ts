import { candlesKindOf, type Frame, type TopicKind } from "../bus/messages.ts";
import { type Interval, INTERVALS } from "../market/interval.ts";
import type { LiquidityBin } from "../market/liquidity.ts";
import type { Side, Trade } from "../market/types.ts";
import type { SymbolChanges, SymbolState } from "./symbol_state.ts";
import { BookTopic } from "./topics/book_topic.ts";
import { CandlesTopic } from "./topics/candles_topic.ts";
import { LiquidityTopic } from "./topics/liquidity_topic.ts";
import { StatusTopic } from "./topics/status_topic.ts";
import { TapeTopic } from "./topics/tape_topic.ts";
import type { FeedContext, Topic } from "./topics/topic.ts";
import { WallsTopic } from "./topics/walls_topic.ts";

/**
 * The live topics of one symbol. Changes are merged as absolute values until they are taken, so a
 * slow consumer costs nothing but freshness.
 */
export class SymbolTopics implements SymbolChanges {
  readonly #candles = (Object.keys(INTERVALS) as Interval[]).map((interval) =>
    new CandlesTopic(candlesKindOf(interval), INTERVALS[interval])
  );
  readonly #book = new BookTopic();
  readonly #liquidity = new LiquidityTopic();
  readonly #walls = new WallsTopic();
  readonly #tape = new TapeTopic();
  readonly #status = new StatusTopic();
  readonly #all: readonly Topic<TopicKind>[] = [
    this.#status,
    ...this.#candles,
    this.#book,
    this.#liquidity,
    this.#walls,
    this.#tape,
  ];
  readonly #seq = new Map<TopicKind, number>();

  tradeAdded(openTime: number, trade: Trade): void {
    for (const topic of this.#candles) topic.markTraded(openTime, trade.priceTicks);
    this.#tape.addTrade(trade);
  }

  candleJudged(openTime: number): void {
    for (const topic of this.#candles) topic.markJudged(openTime);
  }

  bookReset(): void {
    this.#book.markReset();
  }

  levelChanged(side: Side, priceTicks: number, lots: number): void {
    this.#book.markLevel(side, priceTicks, lots);
  }

  columnClosed(bin: LiquidityBin): void {
    this.#liquidity.addColumn(bin);
  }

  statusChanged(): void {
    this.#status.mark();
  }

  /** One frame for each topic that changed since the last call, and that somebody watches. */
  takeFrames(
    state: SymbolState,
    context: FeedContext,
    isWatched: (kind: TopicKind) => boolean,
  ): Frame[] {
    const frames: Frame[] = [];
    this.#walls.collect(state.walls);
    for (const topic of this.#all) {
      if (!topic.isDirty) continue;
      // Who begins to watch meanwhile sees by the number that a frame is missing.
      this.#seq.set(topic.kind, this.#seqOf(topic.kind) + 1);
      if (isWatched(topic.kind)) frames.push(this.#frame(topic, state, context, topic.mustBeFull));
      topic.clear();
    }
    return frames;
  }

  /** The whole of one topic; the frames taken after it follow on it without a gap. */
  fullFrame(kind: TopicKind, state: SymbolState, context: FeedContext): Frame {
    const topic = this.#all.find((one) => one.kind === kind);
    if (topic === undefined) throw new RangeError(`No topic is called "${kind}"`);
    return this.#frame(topic, state, context, true);
  }

  #seqOf(kind: TopicKind): number {
    return this.#seq.get(kind) ?? 0;
  }

  #frame(
    topic: Topic<TopicKind>,
    state: SymbolState,
    context: FeedContext,
    full: boolean,
  ): Frame {
    const body = topic.body(state, context, full);
    return {
      type: topic.kind,
      symbol: state.symbol,
      seq: this.#seqOf(topic.kind),
      full,
      ...body,
    } as Frame;
  }
}
