import { HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import Desk, { type DeskProps } from "../../islands/Desk.tsx";
import { define } from "../../utils.ts";

export const handler = define.handlers({
  async GET({ params, state: { web } }) {
    const symbol = params.symbol.toUpperCase();
    if (!web.symbols.includes(symbol)) throw new HttpError(404, `${symbol} is not recorded here`);
    // A symbol has no answer until its feed has been heard; its page waits with it.
    const known = await web.processor.symbols().catch(() => []);
    const market = known.find((one) => one.symbol === symbol)?.market ?? null;
    return page<DeskProps>({ symbol, market, symbols: web.symbols });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <>
    <Head>
      <title>{data.symbol} · footprint and liquidity</title>
    </Head>
    <Desk {...data} />
  </>
));
