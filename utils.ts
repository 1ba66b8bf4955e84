import { createDefine } from "fresh";
import type { WebContext } from "./web/context.ts";

/** What every route finds in `ctx.state`. */
export interface State {
  web: WebContext;
}

export const define = createDefine<State>();
