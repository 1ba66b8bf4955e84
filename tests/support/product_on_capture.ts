import { captureMarket } from "../../simulator/capture_market.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { startProduct } from "./product.ts";
import { sharedPath } from "./shared_data.ts";

/** The last moment of the capture: eleven minutes, and the twelfth has just begun. */
const SHOWN_UNTIL = 1723161905000;

/** The product on the real capture, played to a moment at which it stands still. */
export async function productOnCapture() {
  const files = ["08", "09"].map((day) => sharedPath(`captures/spot_btcusdt_202408${day}.gz`));
  const source = await captureMarket({ files, speed: Infinity });
  const played = source.playUntil(SHOWN_UNTIL);
  const exchange = startExchange({ source, waitForClients: true });
  const product = await startProduct([
    ...["--feed", "binance", "--data-dir", await Deno.makeTempDir()],
    ...["--exchange-ws-url", exchange.wsUrl, "--exchange-rest-url", exchange.restUrl],
  ]);
  await played;
  return {
    product,
    async [Symbol.asyncDispose]() {
      await product.stop("SIGKILL");
      await exchange.close();
    },
  };
}
