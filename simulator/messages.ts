import type { MarketKind } from "../market/types.ts";

/** What the program and the simulator's worker tell each other. */

export type SimulatorSource =
  & {
    readonly speed: number;
    /** Whose protocol the exchange speaks; spot's when it is left out. */
    readonly market?: MarketKind;
  }
  & (
    | {
      readonly kind: "market";
      readonly symbols: readonly string[];
      readonly seed: number;
      /** UTC ms, a whole second: the same market goes on wherever it has come to by now. */
      readonly begin: number;
    }
    | { readonly kind: "capture"; readonly files: readonly string[] }
  );

export type ToSimulator =
  | { readonly type: "start"; readonly source: SimulatorSource }
  | { readonly type: "stop" };

export type FromSimulator =
  | { readonly type: "started"; readonly wsUrl: string; readonly restUrl: string }
  /** It could not start, or its source failed while it ran. */
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "notice"; readonly message: string }
  /** A capture was played to its end; the exchange stays, silent. */
  | { readonly type: "ended" }
  | { readonly type: "stopped" };
