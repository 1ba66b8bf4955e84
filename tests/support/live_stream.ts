import { decodeMessage } from "../../bus/codec.ts";
import type { ServerMessage, Topic } from "../../bus/messages.ts";

/** A message that has not come by then will not come: the test fails instead of hanging. */
const WAIT_LIMIT_MS = 30_000;

/** A browser's connection to /api/stream. */
export interface LiveStream {
  /** Takes messages in order until the test holds for one. */
  until(test: (message: ServerMessage) => boolean | Promise<boolean>): Promise<ServerMessage>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openStream(url: string, topics: readonly Topic[]): Promise<LiveStream> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/stream`);
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error(`no stream at ${url}`));
  socket.onclose = () => closed.resolve();
  await opened.promise;
  // Every message is kept until it is looked at: none is missed between two waits.
  const queue: ServerMessage[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => {
    queue.push(decodeMessage(data));
    arrived.resolve();
  };
  socket.send(JSON.stringify({ type: "subscribe", topics }));
  return {
    async until(test) {
      const lost = closed.promise.then(() => {
        throw new Error("The stream was closed while a message was waited for");
      });
      lost.catch(() => {});
      const late = Promise.withResolvers<never>();
      const limit = setTimeout(
        () => late.reject(new Error(`No message as wanted within ${WAIT_LIMIT_MS / 1000} s`)),
        WAIT_LIMIT_MS,
      );
      try {
        return await Promise.race([search(), lost, late.promise]);
      } finally {
        clearTimeout(limit);
      }

      async function search(): Promise<ServerMessage> {
        while (true) {
          const message = queue.shift();
          if (message === undefined) {
            arrived = Promise.withResolvers<void>();
            await arrived.promise;
          } else if (await test(message)) return message;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed.promise;
    },
  };
}
