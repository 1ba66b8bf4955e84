import { define } from "../../utils.ts";
import { apiAnswer } from "../../web/api_answer.ts";

export const handler = define.handlers({
  GET: ({ state: { web } }) => apiAnswer(() => web.processor.symbols()),
});
