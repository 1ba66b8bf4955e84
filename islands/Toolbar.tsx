import { type Signal, useComputed } from "@preact/signals";
import type { ChartOptions, ChartReport } from "../chart/chart_state.ts";
import { meanQuantity, priceText } from "../chart/format.ts";
import type { Session } from "../live/session.ts";
import { offeredRowSizes } from "../chart/row_size.ts";
import { type Interval, INTERVALS } from "../market/interval.ts";
import { unitsText } from "../market/scale.ts";
import FootprintMenu from "./FootprintMenu.tsx";

interface ToolbarProps {
  readonly symbol: string;
  readonly market: string | null;
  readonly symbols: readonly string[];
  readonly session: Signal<Session | null>;
  readonly options: Signal<ChartOptions>;
  readonly report: Signal<ChartReport | null>;
  readonly ladder: Signal<boolean>;
}

const MARKET_NAMES: Readonly<Record<string, string>> = { spot: "Spot", usdm: "USD-M futures" };

export default function Toolbar(props: ToolbarProps) {
  const { symbol, market, symbols, session, options, ladder } = props;
  const price = useComputed(() => {
    const last = session.value?.lastPrice.value ?? null;
    const instrument = session.value?.status.value?.instrument ?? null;
    return last === null || instrument === null ? "" : priceText(instrument.priceScale, last.ticks);
  });
  const direction = useComputed(() => {
    const last = session.value?.lastPrice.value ?? null;
    return last === null ? "price" : last.rising ? "price rising" : "price falling";
  });
  const shownMarket = session.value?.status.value?.instrument?.market ?? market;
  const quote = useComputed(() => session.value?.status.value?.instrument?.quoteAsset ?? "");
  return (
    <header class="toolbar">
      <nav class="symbols" aria-label="Symbols">
        {symbols.map((other) => (
          <a
            key={other}
            href={`/chart/${other}`}
            aria-current={other === symbol ? "page" : undefined}
          >
            {other}
          </a>
        ))}
      </nav>
      <span class="market">{MARKET_NAMES[shownMarket ?? ""]}</span>
      <span class={direction} title="Last price">{price}</span>
      <span class="unit">{quote}</span>
      <span class="gap" />
      <Intervals session={session.value} />
      <RowSizes {...props} />
      <FootprintMenu options={options} report={props.report} />
      <Toggle
        name="Heatmap"
        on={options.value.heatmap}
        flip={() => options.value = { ...options.value, heatmap: !options.value.heatmap }}
      />
      <Toggle
        name="VPVR"
        on={options.value.profile}
        flip={() => options.value = { ...options.value, profile: !options.value.profile }}
      />
      <WallsToggle {...props} />
      <Toggle name="COB" on={ladder.value} flip={() => ladder.value = !ladder.value} />
    </header>
  );
}

function Intervals({ session }: { session: Session | null }) {
  const current = session?.interval.value ?? "1m";
  return (
    <div class="intervals" role="group" aria-label="Length of one candle">
      {(Object.keys(INTERVALS) as Interval[]).map((interval, i) => (
        <button
          key={interval}
          type="button"
          class={interval === current ? "chip interval on" : "chip interval"}
          aria-pressed={interval === current}
          title={`Candles of ${interval} (key ${i + 1})`}
          onClick={() => session?.setInterval(interval)}
        >
          {interval}
        </button>
      ))}
    </div>
  );
}

function RowSizes({ session, options, report }: ToolbarProps) {
  const status = session.value?.status.value ?? null;
  const instrument = status?.instrument ?? null;
  const baseGroup = status?.baseGroup ?? null;
  const sizes = baseGroup === null ? [] : offeredRowSizes(baseGroup);
  const current = report.value?.group ?? null;
  const text = (ticks: number) =>
    instrument === null ? "" : unitsText(instrument.priceScale, ticks);
  const chosen = options.value.group;
  const auto = chosen === null && current !== null ? `auto (${text(current)})` : "auto";
  return (
    <label class="rows">
      Rows
      <select
        value={chosen ?? ""}
        onChange={({ currentTarget: { value } }) => {
          options.value = { ...options.value, group: value === "" ? null : Number(value) };
        }}
      >
        <option value="">{auto}</option>
        {sizes.map((ticks) => <option key={ticks} value={ticks}>{text(ticks)}</option>)}
      </select>
      <span class="unit">{instrument?.quoteAsset}</span>
    </label>
  );
}

/** Says what a wall is: the threshold follows the market. */
function WallsToggle({ session, options }: ToolbarProps) {
  const hint = useComputed(() => {
    const instrument = session.value?.status.value?.instrument ?? null;
    const baseGroup = session.value?.status.value?.baseGroup ?? null;
    const lots = session.value?.wallThresholdLots.value ?? null;
    if (instrument === null || baseGroup === null || lots === null) return "Large resting orders";
    const { priceScale, qtyScale, baseAsset, quoteAsset } = instrument;
    const row = `${unitsText(priceScale, baseGroup)} ${quoteAsset}`;
    const least = `${meanQuantity(qtyScale, lots)} ${baseAsset}`;
    return `Large resting orders: at present ${least} or more in a row of ${row}`;
  });
  return (
    <Toggle
      name="Walls"
      on={options.value.walls}
      flip={() => options.value = { ...options.value, walls: !options.value.walls }}
      hint={hint.value}
      shortcut="w"
    />
  );
}

interface ToggleProps {
  readonly name: string;
  readonly on: boolean;
  readonly flip: () => void;
  readonly hint?: string;
  readonly shortcut?: string;
}

function Toggle({ name, on, flip, hint, shortcut }: ToggleProps) {
  return (
    <button
      type="button"
      title={shortcut === undefined ? hint : `${hint} (key ${shortcut.toUpperCase()})`}
      aria-keyshortcuts={shortcut}
      class={`chip toggle-${name}${on ? " on" : ""}`}
      aria-pressed={on}
      onClick={flip}
    >
      {name}
    </button>
  );
}
