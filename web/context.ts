import type { ProcessorClient } from "./processor_client.ts";
import type { Hub } from "./hub.ts";

/** What routes may use; made by main before the first request. */
export interface WebContext {
  readonly version: string;
  /** Local time at which the program started, UTC ms. */
  readonly startTime: number;
  readonly symbols: readonly string[];
  readonly processor: ProcessorClient;
  readonly hub: Hub;
}

let context: WebContext | null = null;

/** Fresh imports the app as a module, so what it serves is handed over here. */
export function provideWebContext(provided: WebContext): void {
  context = provided;
}

/** @throws Error before main has provided the context. */
export function webContext(): WebContext {
  if (context !== null) return context;
  throw new Error("The web part was asked before main provided its context");
}
