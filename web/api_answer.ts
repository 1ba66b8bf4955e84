import { getLogger } from "@logtape/logtape";
import { errorText } from "../bus/error_text.ts";
import { type ErrorCode, QueryError } from "../bus/query_error.ts";

const STATUS: Record<ErrorCode, number> = {
  bad_request: 400,
  too_fine: 400,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  internal: 500,
  unavailable: 503,
};

const HEADERS = { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" };

/** Answers with JSON, or with `{error: {code, message}}` and its status when refused. */
export async function apiAnswer(answer: () => unknown): Promise<Response> {
  try {
    return new Response(JSON.stringify(await answer()), { headers: HEADERS });
  } catch (error) {
    const { code, message } = error instanceof QueryError ? error : unexpected(error);
    const body = JSON.stringify({ error: { code, message } });
    return new Response(body, { status: STATUS[code], headers: HEADERS });
  }
}

function unexpected(error: unknown): QueryError {
  getLogger(["footprint", "web"]).error("A request failed: {error}", { error });
  return new QueryError("internal", `the request failed: ${errorText(error)}`);
}
