import { define } from "../../utils.ts";
import { apiAnswer } from "../../web/api_answer.ts";
import { queryParams } from "../../web/query_params.ts";

export const handler = define.handlers({
  GET: ({ url, state: { web } }) =>
    apiAnswer(() => {
      const params = queryParams(url);
      return web.processor.heatmap({
        symbol: params.text("symbol"),
        stepMs: params.integer("step", 1000, 1),
        group: params.optionalText("group"),
        low: params.optionalText("low"),
        high: params.optionalText("high"),
        measure: params.oneOf("measure", ["mean", "close"], "mean"),
        ...params.range(),
      });
    }),
});
