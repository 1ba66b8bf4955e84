/** Events in spot's shape -> in USD-M's; what is USD-M's already stays as it is. */

const SPOT_DEPTH = /^\{"e":"depthUpdate","E":(\d+),"s":("[^"]*"),"U":(\d+),"u":(\d+),/;
const BEST_MATCH = /,"M":(?:true|false)(?=[,}])/;
const SPOT_TOUCH = /^\{"u":/;

/**
 * @param data text of an event as spot's streams send it
 * @param now exchange time for events that bear none on spot
 */
export function usdmEvent(stream: string, data: string, now: number): string {
  if (stream.endsWith("@aggTrade")) return data.replace(BEST_MATCH, "");
  if (stream.endsWith("@bookTicker")) {
    if (!SPOT_TOUCH.test(data)) return data;
    return `{"e":"bookTicker",${data.slice(1, -1)},"T":${now},"E":${now}}`;
  }
  // Spot's diffs are gapless, U = previous u + 1: that tells pu.
  return data.replace(
    SPOT_DEPTH,
    (_, time, symbol, first, last) =>
      `{"e":"depthUpdate","E":${time},"T":${time},"s":${symbol},"U":${first},"u":${last},` +
      `"pu":${Number(first) - 1},`,
  );
}
