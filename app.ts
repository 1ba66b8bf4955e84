import { App, staticFiles } from "fresh";
import type { State } from "./utils.ts";
import { webContext } from "./web/context.ts";

export const app = new App<State>()
  .use(staticFiles())
  .use((ctx) => {
    ctx.state.web = webContext();
    return ctx.next();
  })
  .fsRoutes();
