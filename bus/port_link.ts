import { errorText } from "./error_text.ts";
import type { Envelope, Link } from "./link.ts";
import { type ErrorCode, QueryError } from "./query_error.ts";

/** What a MessagePort, a Worker and a worker's own global scope have in common. */
export interface PortLike {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close?(): void;
}

/** A link over a MessagePort (bodies must survive a structured clone). */
export function portLink<Incoming, Outgoing>(port: PortLike): Link<Incoming, Outgoing> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let nextId = 1;
  let answer: (question: unknown) => unknown = () => {
    throw new QueryError("unavailable", "This part answers no questions yet");
  };
  let deliver: ((message: Incoming) => void) | null = null;
  const early: Incoming[] = [];
  const post = (envelope: Envelope) => port.postMessage(envelope);

  async function reply(id: number, question: unknown): Promise<void> {
    try {
      post({ kind: "answer", id, body: await answer(question) });
    } catch (error) {
      const code = error instanceof QueryError ? error.code : "internal";
      post({ kind: "refusal", id, code, message: errorText(error) });
    }
  }

  port.onmessage = (event) => {
    const envelope = event.data as Envelope;
    switch (envelope.kind) {
      case "message":
        if (deliver === null) early.push(envelope.body as Incoming);
        else deliver(envelope.body as Incoming);
        return;
      case "question":
        void reply(envelope.id, envelope.body);
        return;
      case "answer":
        take(envelope.id)?.resolve(envelope.body);
        return;
      case "refusal":
        take(envelope.id)?.reject(new QueryError(envelope.code as ErrorCode, envelope.message));
        return;
      default:
        envelope satisfies never;
    }
  };

  function take(id: number): PromiseWithResolvers<unknown> | undefined {
    const pending = waiting.get(id);
    waiting.delete(id);
    return pending;
  }

  return {
    send: (message) => post({ kind: "message", body: message }),
    request(question) {
      const id = nextId++;
      const pending = Promise.withResolvers<unknown>();
      waiting.set(id, pending);
      post({ kind: "question", id, body: question });
      return pending.promise;
    },
    onMessage(handler) {
      deliver = handler;
      for (const message of early.splice(0)) handler(message);
    },
    onRequest(handler) {
      answer = handler;
    },
    close() {
      port.onmessage = null;
      port.close?.();
      for (const pending of waiting.values()) {
        pending.reject(new QueryError("unavailable", "The link was closed before an answer came"));
      }
      waiting.clear();
    },
  };
}
