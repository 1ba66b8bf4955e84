/** A refusal in Binance's words. */
export class RestError extends Error {
  override readonly name = "RestError";
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: number,
    message: string,
    status = 400,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }

  toResponse(): Response {
    const body = { code: this.code, msg: this.message };
    return Response.json(body, { status: this.status, headers: this.headers });
  }
}

export function invalidSymbol(): RestError {
  return new RestError(-1121, "Invalid symbol.");
}

export function badParameter(name: string): RestError {
  return new RestError(-1100, `Illegal characters found in parameter '${name}'.`);
}
