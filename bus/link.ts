/**
 * One end of a connection between two parts, whatever carries it: messages both ways in order,
 * and questions that are answered or refused with a `QueryError`.
 */
export interface Link<Incoming, Outgoing> {
  send(message: Outgoing): void;
  /** Asks the other end; rejects with a QueryError when it refuses or the link closes. */
  request(question: unknown): Promise<unknown>;
  /** Replaces the handler for messages; messages before the first handler are kept. */
  onMessage(handler: (message: Incoming) => void): void;
  /** Replaces the handler that answers questions. It throws QueryError to refuse. */
  onRequest(handler: (question: unknown) => unknown): void;
  close(): void;
}

/** What travels: a message, a question, its answer or its refusal. */
export type Envelope =
  | { readonly kind: "message"; readonly body: unknown }
  | { readonly kind: "question"; readonly id: number; readonly body: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly body: unknown }
  | {
    readonly kind: "refusal";
    readonly id: number;
    readonly code: string;
    readonly message: string;
  };
