/** What an error says, and what caused it, whatever was thrown. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // "fetch failed" alone would not tell a wrong name from a network that is down.
  const cause = error.cause === undefined ? "" : errorText(error.cause);
  if (cause === "" || error.message.includes(cause)) return error.message;
  return `${error.message}: ${cause}`;
}
