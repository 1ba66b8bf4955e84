import { define } from "../../utils.ts";
import { apiAnswer } from "../../web/api_answer.ts";

export const handler = define.handlers({
  GET: ({ state: { web } }) =>
    apiAnswer(async () => {
      const { feed, history, symbols } = await web.processor.health();
      const isWell = symbols.every(({ connected, book, recording }) =>
        connected && book === "synced" && recording?.state !== "stopped"
      );
      return {
        status: isWell && history.state !== "stopped" ? "ok" : "degraded",
        version: web.version,
        uptimeSeconds: Math.floor((Date.now() - web.startTime) / 1000),
        feed,
        history,
        symbols,
      };
    }),
});
