import type { Frame, Topic } from "../bus/messages.ts";
import { topicOf } from "./topics.ts";

/** What to do with a frame: apply it, leave it, or leave it and ask for a full one. */
export type Verdict = "apply" | "ignore" | "resubscribe";

/** Follows each topic's numbers: a frame that skips one must not be applied. */
export class Sequence {
  readonly #next = new Map<Topic, number>();
  /** Topics whose full frame has been asked for and has not come. */
  readonly #awaited = new Set<Topic>();

  judge(frame: Frame): Verdict {
    const topic = topicOf(frame);
    if (frame.full) {
      this.#awaited.delete(topic);
      this.#next.set(topic, frame.seq + 1);
      return "apply";
    }
    if (this.#awaited.has(topic)) return "ignore";
    const next = this.#next.get(topic);
    if (next === frame.seq) {
      this.#next.set(topic, frame.seq + 1);
      return "apply";
    }
    // A delta from before the full frame may still arrive; it is in that frame already.
    if (next !== undefined && frame.seq < next) return "ignore";
    this.#awaited.add(topic);
    return "resubscribe";
  }

  /** A new connection: every topic starts with a full frame. */
  reset(): void {
    this.#next.clear();
    this.#awaited.clear();
  }
}
