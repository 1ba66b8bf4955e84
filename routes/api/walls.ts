import { define } from "../../utils.ts";
import { apiAnswer } from "../../web/api_answer.ts";
import { queryParams } from "../../web/query_params.ts";

export const handler = define.handlers({
  GET: ({ url, state: { web } }) =>
    apiAnswer(() => {
      const params = queryParams(url);
      return web.processor.walls({ symbol: params.text("symbol"), ...params.range() });
    }),
});
