import { decode, Encoder } from "@msgpack/msgpack";
import type { ServerMessage } from "./messages.ts";

const encoder = new Encoder();

/** A message for a socket, as MessagePack. */
export function encodeMessage(message: ServerMessage): Uint8Array<ArrayBuffer> {
  return encoder.encode(message);
}

/** What `encodeMessage` made, read back. The server is trusted: shapes are not checked again. */
export function decodeMessage(data: ArrayBuffer | Uint8Array): ServerMessage {
  return decode(data) as ServerMessage;
}
