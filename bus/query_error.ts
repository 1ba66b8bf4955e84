export type ErrorCode =
  | "bad_request"
  /** What is recorded is coarser than what was asked for. */
  | "too_fine"
  | "not_found"
  | "conflict"
  | "too_large"
  | "unavailable"
  | "internal";

/** A refused question: a code for programs and a sentence that names the value for people. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
