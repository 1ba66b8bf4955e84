import { define } from "../../utils.ts";
import { apiAnswer } from "../../web/api_answer.ts";
import { queryParams } from "../../web/query_params.ts";

export const handler = define.handlers({
  GET: ({ url, state: { web } }) =>
    apiAnswer(() => {
      const params = queryParams(url);
      return web.processor.profile({
        symbol: params.text("symbol"),
        group: params.optionalText("group"),
        by: params.oneOf("by", ["range", "day"], "range"),
        ...params.range(),
      });
    }),
});
