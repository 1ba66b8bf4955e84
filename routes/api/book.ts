import { define } from "../../utils.ts";
import { apiAnswer } from "../../web/api_answer.ts";
import { queryParams } from "../../web/query_params.ts";

const MAX_LEVELS = 20_000;

export const handler = define.handlers({
  GET: ({ url, state: { web } }) =>
    apiAnswer(() => {
      const params = queryParams(url);
      return web.processor.book({
        symbol: params.text("symbol"),
        levels: params.integer("levels", MAX_LEVELS, 1, MAX_LEVELS),
        group: params.optionalText("group"),
      });
    }),
});
