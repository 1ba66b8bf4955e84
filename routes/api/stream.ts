import { define } from "../../utils.ts";

export const handler = define.handlers({
  GET(ctx) {
    const { hub } = ctx.state.web;
    return ctx.upgrade({
      open: (socket) => hub.add(socket),
      message: (socket, event) => void hub.takeMessage(socket, event.data),
      close: (socket) => hub.remove(socket),
      error: (socket) => hub.remove(socket),
    });
  },
});
