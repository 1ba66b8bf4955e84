import { type Signal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ChartOptions, ChartReport } from "../chart/chart_state.ts";
import { FootprintChart } from "../chart/chart.ts";
import { MONO, SANS } from "../chart/theme.ts";
import { type Interval, INTERVALS } from "../market/interval.ts";
import { optionsByKey } from "../chart/option_keys.ts";
import type { Session } from "../live/session.ts";
import HeatLegend from "./HeatLegend.tsx";

interface ChartPaneProps {
  readonly session: Signal<Session | null>;
  readonly options: Signal<ChartOptions>;
  readonly report: Signal<ChartReport | null>;
  readonly ladder: Signal<boolean>;
}

/** Chart and ladder: three canvases that one FootprintChart draws on, outside of Preact. */
export default function ChartPane({ session, options, report, ladder }: ChartPaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const ladderCanvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<FootprintChart | null>(null);

  useSignalEffect(() => {
    const source = session.value;
    if (
      source === null || pane.current === null || main.current === null ||
      overlay.current === null || ladderCanvas.current === null
    ) return;
    const canvases = {
      main: main.current,
      overlay: overlay.current,
      ladder: ladderCanvas.current,
    };
    const created = new FootprintChart(canvases, source, (next) => report.value = next);
    chart.current = created;
    globalThis.footprintChart = created.inspection;
    const unsubscribe = source.version.subscribe(() => created.invalidate());
    const stopSizes = followSize(pane.current, ladderCanvas.current, created);
    loadFonts().then(() => created.fontsChanged());
    return () => {
      unsubscribe();
      stopSizes();
      created.destroy();
      chart.current = null;
      globalThis.footprintChart = undefined;
    };
  });

  useSignalEffect(() => {
    void session.value;
    chart.current?.setOptions(options.value);
  });

  useEffect(() => {
    const end = new AbortController();
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || usesKeys(event.target)) return;
      const interval = (Object.keys(INTERVALS) as Interval[])[Number(event.key) - 1];
      const shown = report.peek()?.group ?? null;
      const baseGroup = session.peek()?.baseGroup ?? null;
      const next = event.repeat ? null : optionsByKey(event.key, options.peek(), shown, baseGroup);
      if (next !== null) options.value = next;
      else if (interval !== undefined) session.peek()?.setInterval(interval);
      else if (!chart.current?.key(event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey, { signal: end.signal });
    return () => end.abort();
  }, []);

  return (
    <main class={ladder.value ? "panes with-ladder" : "panes"}>
      <div class="chart-pane" ref={pane}>
        <canvas class="chart-main" ref={main} aria-hidden="true" />
        <canvas
          class="chart-overlay"
          ref={overlay}
          tabIndex={0}
          role="img"
          aria-label="Footprint chart over the liquidity heatmap. Arrow keys move, plus and minus zoom, End returns to the newest candle, 1 to 6 choose the length of candles, G larger and Shift G smaller rows, H, V and W show or hide heatmap, volume profile and walls."
        />
        {options.value.heatmap && (
          <HeatLegend
            session={session}
            options={options}
            report={report}
          />
        )}
        {report.value?.following === false && (
          <button
            type="button"
            class="back-to-live"
            onClick={() => chart.current?.backToLive()}
          >
            Back to live
          </button>
        )}
      </div>
      <canvas
        class="ladder-pane"
        ref={ladderCanvas}
        role="img"
        aria-label="Current order book as a ladder on the chart's price axis, last trades below"
      />
    </main>
  );
}

/** Whether an element has a use of its own for arrow keys and the like. */
function usesKeys(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, select, textarea") !== null;
}

/** Tells the chart its and the ladder's size now and whenever it or the screen's density changes. */
function followSize(element: HTMLElement, ladder: HTMLElement, chart: FootprintChart): () => void {
  const tell = () => chart.resize(element.clientWidth, element.clientHeight, devicePixelRatio);
  const observer = new ResizeObserver(tell);
  observer.observe(element);
  observer.observe(ladder);
  let density: MediaQueryList | null = null;
  const follow = () => {
    tell();
    density?.removeEventListener("change", follow);
    density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    density.addEventListener("change", follow);
  };
  follow();
  return () => {
    observer.disconnect();
    density?.removeEventListener("change", follow);
  };
}

/** Canvases do not wait for fonts: they are asked for here. */
async function loadFonts(): Promise<void> {
  const wanted = [`400 11px ${MONO}`, `800 11px ${MONO}`, `400 11px ${SANS}`];
  await Promise.allSettled(wanted.map((font) => document.fonts.load(font, "0123 Δ×")));
}
