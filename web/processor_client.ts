import type { Link } from "../bus/link.ts";
import type { FeedState, Frame, ProcessorToWeb, Topic, WebToProcessor } from "../bus/messages.ts";
import type {
  BookAnswer,
  BookQuery,
  CandlesAnswer,
  CandlesQuery,
  GapsAnswer,
  GapsQuery,
  HeatmapAnswer,
  HeatmapQuery,
  HistoryHealth,
  ProfileAnswer,
  ProfileQuery,
  SymbolAnswer,
  SymbolHealth,
  WallsAnswer,
  WallsQuery,
} from "../bus/queries.ts";
import type { RetentionSettings } from "../bus/retention.ts";
import type { MarketKind } from "../market/types.ts";

/** What web knows of the processor: questions with typed answers, and frames. */
export interface ProcessorClient {
  candles(query: Omit<CandlesQuery, "type">): Promise<CandlesAnswer>;
  profile(query: Omit<ProfileQuery, "type">): Promise<ProfileAnswer>;
  book(query: Omit<BookQuery, "type">): Promise<BookAnswer>;
  heatmap(query: Omit<HeatmapQuery, "type">): Promise<HeatmapAnswer>;
  gaps(query: Omit<GapsQuery, "type">): Promise<GapsAnswer>;
  walls(query: Omit<WallsQuery, "type">): Promise<WallsAnswer>;
  health(): Promise<{ feed: FeedState; history: HistoryHealth; symbols: SymbolHealth[] }>;
  symbols(): Promise<SymbolAnswer[]>;
  /** The whole of a topic; frames of it that come later follow on. */
  fullFrame(topic: Topic): Promise<Frame>;
  /** Which topics' frames are wanted. */
  watch(topics: readonly Topic[]): void;
  setFeed(feed: FeedState): void;
  /** History is kept in this folder from now on. */
  record(folder: string, market: MarketKind, retention: RetentionSettings): void;
  /** Resolves when everything known is on the disk; the last thing that is asked. */
  finish(): Promise<void>;
  onFrame(handler: (frame: Frame) => void): void;
}

export function processorClient(link: Link<ProcessorToWeb, WebToProcessor>): ProcessorClient {
  // The processor answers each kind of question with its own type; see processor/query.ts.
  const ask = <Answer>(question: unknown) => link.request(question) as Promise<Answer>;
  return {
    candles: (query) => ask({ type: "candles", ...query }),
    profile: (query) => ask({ type: "profile", ...query }),
    book: (query) => ask({ type: "book", ...query }),
    heatmap: (query) => ask({ type: "heatmap", ...query }),
    gaps: (query) => ask({ type: "gaps", ...query }),
    walls: (query) => ask({ type: "walls", ...query }),
    health: () => ask({ type: "health" }),
    symbols: () => ask({ type: "symbols" }),
    fullFrame: (topic) => ask({ type: "topic", topic }),
    watch: (topics) => link.send({ type: "watch", topics }),
    setFeed: (feed) => link.send({ type: "feed", feed }),
    record: (folder, market, retention) => link.send({ type: "record", folder, market, retention }),
    finish: () => ask({ type: "finish" }),
    onFrame: (handler) => link.onMessage(handler),
  };
}
