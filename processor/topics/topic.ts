import type {
  CandlesFrame,
  CandlesKind,
  FeedNoticeEvent,
  FeedState,
  Frame,
  TopicKind,
} from "../../bus/messages.ts";
import type { SymbolState } from "../symbol_state.ts";

/** What frames tell beside the symbol's own state. */
export interface FeedContext {
  readonly feed: FeedState;
  readonly notices: readonly FeedNoticeEvent[];
}

/** A frame without what every frame has. */
export type BodyOf<F extends Frame> = Omit<F, "type" | "symbol" | "seq" | "full">;
export type FrameBody<K extends TopicKind> = K extends CandlesKind ? BodyOf<CandlesFrame>
  : BodyOf<Extract<Frame, { type: K }>>;

/** Collects the changes of one topic of one symbol until they are taken as a frame. */
export interface Topic<K extends TopicKind> {
  readonly kind: K;
  readonly isDirty: boolean;
  /** The changes cannot be told as a delta: the next frame replaces everything. */
  readonly mustBeFull: boolean;
  /** The whole topic, or what changed since the last {@linkcode clear}. */
  body(state: SymbolState, context: FeedContext, full: boolean): FrameBody<K>;
  clear(): void;
}
