import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type ChartOptions, type ChartReport, FIRST_OPTIONS } from "../chart/chart_state.ts";
import { Session } from "../live/session.ts";
import Banner from "./Banner.tsx";
import ChartPane from "./ChartPane.tsx";
import StatusLine from "./StatusLine.tsx";
import Toolbar from "./Toolbar.tsx";

export interface DeskProps {
  readonly symbol: string;
  /** Null until the feed of the symbol has been heard. */
  readonly market: string | null;
  readonly symbols: readonly string[];
}

/** The whole page of one symbol. Its structure is rendered on the server; data comes by itself. */
export default function Desk({ symbol, market, symbols }: DeskProps) {
  const session = useSignal<Session | null>(null);
  const options = useSignal<ChartOptions>(FIRST_OPTIONS);
  const report = useSignal<ChartReport | null>(null);
  const ladder = useSignal(true);

  useEffect(() => {
    const url = new URL("/api/stream", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const opened = new Session(symbol, url.href);
    session.value = opened;
    // On a phone the chart comes first, the ladder is a drawer.
    ladder.value = matchMedia("(min-width: 720px)").matches;
    return () => {
      session.value = null;
      opened.close();
    };
  }, [symbol]);

  return (
    <div class="desk">
      <Toolbar
        symbol={symbol}
        market={market}
        symbols={symbols}
        session={session}
        options={options}
        report={report}
        ladder={ladder}
      />
      <Banner session={session} />
      <ChartPane session={session} options={options} report={report} ladder={ladder} />
      <StatusLine session={session} />
    </div>
  );
}
