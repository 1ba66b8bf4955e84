import { candlesKindOf, type Frame, type Topic, type TopicKind } from "../bus/messages.ts";
import type { Interval } from "../market/interval.ts";

/** Everything the page shows of one symbol. */
export function topicsOf(symbol: string, interval: Interval): Topic[] {
  const candles = candlesKindOf(interval);
  const kinds: TopicKind[] = ["status", candles, "book", "liquidity", "walls", "trades"];
  return kinds.map((kind): Topic => `${kind}/${symbol}`);
}

export function topicOf(frame: Frame): Topic {
  return `${frame.type}/${frame.symbol}`;
}
