import { badParameter, RestError } from "./rest_error.ts";

/** Parameters of a request, refused in Binance's words. */
export class Query {
  readonly #params: URLSearchParams;

  constructor(params: URLSearchParams) {
    this.#params = params;
  }

  text(name: string): string | null {
    return this.#params.get(name);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value !== null && value !== "") return value;
    throw new RestError(
      -1102,
      `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
    );
  }

  integer(name: string, min: number, max: number): number | null {
    const text = this.text(name);
    if (text === null) return null;
    if (!/^\d{1,16}$/.test(text)) throw badParameter(name);
    const value = Number(text);
    if (value >= min && value <= max) return value;
    throw new RestError(-1130, `Data sent for parameter '${name}' is not valid.`);
  }
}
