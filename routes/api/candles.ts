import { define } from "../../utils.ts";
import { apiAnswer } from "../../web/api_answer.ts";
import { queryParams } from "../../web/query_params.ts";

export const handler = define.handlers({
  GET: ({ url, state: { web } }) =>
    apiAnswer(() => {
      const params = queryParams(url);
      return web.processor.candles({
        symbol: params.text("symbol"),
        interval: params.optionalText("interval") ?? "1m",
        group: params.optionalText("group"),
        cvd: params.oneOf("cvd", ["day", "range"], "day"),
        ...params.range(),
      });
    }),
});
