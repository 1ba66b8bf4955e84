import type { Frame, Topic, TopicKind } from "../bus/messages.ts";

const KINDS: readonly TopicKind[] = ["status", "candles", "book", "liquidity", "walls", "trades"];

/** Everything the page shows of one symbol. */
export function topicsOf(symbol: string): Topic[] {
  return KINDS.map((kind): Topic => `${kind}/${symbol}`);
}

export function topicOf(frame: Frame): Topic {
  return `${frame.type}/${frame.symbol}`;
}
