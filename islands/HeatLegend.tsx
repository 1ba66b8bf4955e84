import type { Signal } from "@preact/signals";
import type { ChartOptions, ChartReport } from "../chart/chart_state.ts";
import { shortQuantity } from "../chart/format.ts";
import type { Session } from "../live/session.ts";
import { fromUnits } from "../market/scale.ts";

interface HeatLegendProps {
  readonly session: Signal<Session | null>;
  readonly options: Signal<ChartOptions>;
  readonly report: Signal<ChartReport | null>;
}

/** Handles move on a scale on which the crowded upper percentiles have room. */
const LEAST_GAP = 5;

function percentOf(place: number): number {
  return Math.round((100 - 100 * (1 - place / 100) ** 2) * 10) / 10;
}

function placeOf(percent: number): number {
  return 100 * (1 - Math.sqrt(1 - percent / 100));
}

/** The heatmap's colours as a scale, with a handle at the percentile of each end. */
export default function HeatLegend({ session, options, report }: HeatLegendProps) {
  const instrument = session.value?.status.value?.instrument ?? null;
  const scale = report.value?.scale ?? null;
  const known = instrument !== null && scale !== null && scale.generation > 0;
  const quantity = (lots: number) =>
    known ? `${shortQuantity(fromUnits(instrument.qtyScale, lots))} ${instrument.baseAsset}` : "";
  const { lowPercent, highPercent } = options.value;
  const low = placeOf(lowPercent);
  const high = placeOf(highPercent);
  const set = (change: Partial<ChartOptions>) => options.value = { ...options.value, ...change };
  return (
    <div class="heat-legend" title="Resting liquidity: colours by percentile of the visible cells">
      <div class="heat-ends">
        <span>p{lowPercent} {quantity(scale?.low ?? 0)}</span>
        <span>p{highPercent} {quantity(scale?.high ?? 0)}</span>
      </div>
      <div class="heat-scale">
        <input
          type="range"
          min={0}
          max={100}
          step={0.5}
          value={low}
          aria-label="Percentile at the dark end of the heatmap's colours"
          onInput={({ currentTarget }) => {
            const place = Math.min(Number(currentTarget.value), high - LEAST_GAP);
            currentTarget.value = String(place);
            set({ lowPercent: percentOf(place) });
          }}
        />
        <input
          type="range"
          min={0}
          max={100}
          step={0.5}
          value={high}
          aria-label="Percentile at the bright end of the heatmap's colours"
          onInput={({ currentTarget }) => {
            const place = Math.max(Number(currentTarget.value), low + LEAST_GAP);
            currentTarget.value = String(place);
            set({ highPercent: percentOf(place) });
          }}
        />
      </div>
    </div>
  );
}
