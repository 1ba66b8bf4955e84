import { HttpError } from "./http_error.ts";
import type { WebSocketHandlers, WebSocketUpgradeOptions } from "./types.ts";

export function isHandlers(
  value: WebSocketHandlers | WebSocketUpgradeOptions | undefined,
): value is WebSocketHandlers {
  return value !== undefined &&
    ["open", "message", "close", "error"].some((name) => name in value);
}

/** Throws an HttpError with status 400 when the request does not ask for a websocket. */
export function upgradeRequest(
  request: Request,
  options: WebSocketUpgradeOptions = {},
): Deno.WebSocketUpgrade {
  const upgrade = request.headers.get("upgrade");
  if (upgrade?.toLowerCase() !== "websocket") {
    throw new HttpError(
      400,
      `This address answers websockets only: the upgrade header must be "websocket" and is ${
        JSON.stringify(upgrade)
      }.`,
    );
  }
  return Deno.upgradeWebSocket(request, { ...options });
}

/** A handler that throws is logged and ends its socket; unhandled, it would end the process. */
export function listenToSocket(socket: WebSocket, handlers: WebSocketHandlers): void {
  const guarded = async (name: string, run: () => void | Promise<void> | undefined) => {
    try {
      await run();
    } catch (error) {
      console.error(`A websocket's ${name} handler failed:`, error);
      if (socket.readyState === WebSocket.OPEN) socket.close(1011, "internal error");
    }
  };
  socket.addEventListener("open", () => guarded("open", () => handlers.open?.(socket)));
  socket.addEventListener(
    "message",
    (event) => guarded("message", () => handlers.message?.(socket, event)),
  );
  socket.addEventListener(
    "close",
    (event) => guarded("close", () => handlers.close?.(socket, event.code, event.reason)),
  );
  socket.addEventListener("error", (event) => {
    return guarded("error", () => handlers.error?.(socket, event));
  });
}
