/** What the program and the simulator's worker tell each other. */

export type SimulatorSource =
  | {
    readonly kind: "market";
    readonly symbols: readonly string[];
    readonly seed: number;
    readonly speed: number;
  }
  | { readonly kind: "capture"; readonly files: readonly string[]; readonly speed: number };

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
