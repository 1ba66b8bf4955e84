import assert from "node:assert/strict";
import { denoFs } from "../../../collector/archive/archive_fs.ts";
import { writeTradeFile } from "../../../collector/archive/parquet_file.ts";
import { CandleSeries } from "../../../market/candle_series.ts";
import { type GroupedCandle, higherCandles } from "../../../market/higher_candle.ts";
import { INTERVALS } from "../../../market/interval.ts";
import { parseScale, toUnits } from "../../../market/scale.ts";
import { rowsOf } from "../../../market/session_profile.ts";
import type { Trade } from "../../../market/types.ts";
import { valueArea } from "../../../market/volume_profile.ts";
import { parquetCandles } from "../../../processor/store/parquet_candles.ts";
import { rebuildRollups } from "../../../processor/store/rollup_rebuild.ts";
import { parseFrame } from "../../../simulator/capture_frame.ts";
import { readCapture } from "../../../simulator/capture_reader.ts";
import type { OracleCandle, OracleFootprints } from "../../support/oracle.ts";
import { readOracle, sharedPath, sharedTest } from "../../support/shared_data.ts";
import { INSTRUMENT, openRollups } from "./rollup_fixture.ts";

const EVER = 8e15;
const BASE = "0.1";

interface Capture {
  readonly files: readonly string[];
  readonly oracle: string;
  readonly symbol: string;
}

const CAPTURES: readonly Capture[] = [
  {
    files: ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"],
    oracle: "spot_btcusdt_20240808_09",
    symbol: "BTCUSDT",
  },
  { files: ["usdm_ethusdt_20240808.gz"], oracle: "usdm_ethusdt_20240808", symbol: "ETHUSDT" },
];

/** A candle of the oracle, or several of them joined, in integers. */
interface Plain {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  buyLots: number;
  sellLots: number;
  minDelta: number;
  maxDelta: number;
  trades: number;
  poc: number;
  /** Row -> sellLots, buyLots, trades, buyTrades. */
  rows: Record<number, number[]>;
}

async function tradesOf({ files }: Capture): Promise<Trade[]> {
  const trades: Trade[] = [];
  const paths = files.map((name) => sharedPath(`captures/${name}`));
  for await (const { frame } of readCapture(paths, () => {})) {
    const event = parseFrame(frame);
    if (event.type !== "trade") continue;
    const { a, p, q, f, l, T, m } = event.trade;
    trades.push({
      id: a,
      priceTicks: toUnits(INSTRUMENT.priceScale, p),
      qtyLots: toUnits(INSTRUMENT.qtyScale, q),
      firstTradeId: f,
      lastTradeId: l,
      tradeTime: T,
      isBuyerMaker: m,
    });
  }
  return trades;
}

/** The oracle's minutes of each interval added up, with nothing of the product's. */
function oracleCandles(
  minutes: readonly OracleCandle[],
  intervalMs: number,
  group: string,
): Plain[] {
  const ticks = (text: string) => toUnits(INSTRUMENT.priceScale, text);
  const lots = (text: string) =>
    text.startsWith("-") ? -toUnits(LOTS, text.slice(1)) : toUnits(LOTS, text);
  const candles = new Map<number, Plain>();
  for (const minute of minutes) {
    const time = minute.openTime - minute.openTime % intervalMs;
    let one = candles.get(time);
    if (one === undefined) {
      const open = ticks(minute.open);
      const none = { buyLots: 0, sellLots: 0, minDelta: 0, maxDelta: 0, trades: 0, poc: 0 };
      one = { time, open, high: open, low: open, close: open, ...none, rows: {} };
      candles.set(time, one);
    }
    const delta = one.buyLots - one.sellLots;
    one.minDelta = Math.min(one.minDelta, delta + lots(minute.minDeltaFromZero));
    one.maxDelta = Math.max(one.maxDelta, delta + lots(minute.maxDeltaFromZero));
    one.high = Math.max(one.high, ticks(minute.high));
    one.low = Math.min(one.low, ticks(minute.low));
    one.close = ticks(minute.close);
    one.buyLots += lots(minute.buyVolume);
    one.sellLots += lots(minute.sellVolume);
    one.trades += minute.trades;
    for (const [price, buy, sell, buys, sells] of minute.footprint[group].rows) {
      const row = one.rows[ticks(price)] ??= [0, 0, 0, 0];
      [lots(sell), lots(buy), buys + sells, buys].forEach((value, i) => row[i] += value);
    }
  }
  for (const one of candles.values()) {
    let most = -1;
    for (const [row, [sell, buy]] of Object.entries(one.rows)) {
      if (sell + buy > most) [most, one.poc] = [sell + buy, Number(row)];
    }
  }
  return [...candles.values()];
}

const LOTS = parseScale("0.00000001");

function plain({ head, rows }: GroupedCandle, groupTicks: number): Plain {
  const { openTime: time, open, high, low, close, buyLots, sellLots } = head;
  const { minDelta, maxDelta, trades } = head;
  return {
    ...{ time, open, high, low, close, buyLots, sellLots, minDelta, maxDelta, trades },
    poc: valueArea(rowsOf(rows), groupTicks)?.poc ?? NaN,
    rows: Object.fromEntries(
      [...rows].map((
        [row, one],
      ) => [row, [one.sellLots, one.buyLots, one.trades, one.buyTrades]]),
    ),
  };
}

for (const capture of CAPTURES) {
  sharedTest(
    `${capture.symbol}: memory, rollup and archive give the oracle's candles`,
    async () => {
      const { candles, buckets, trades: count } = await readOracle<OracleFootprints>(
        `${capture.oracle}.footprint.1m.json.gz`,
      );
      const trades = await tradesOf(capture);
      assert.equal(trades.length, count);
      const memory = new CandleSeries(INTERVALS["1m"], 1440);
      for (const trade of trades) memory.add(trade);
      const file = await Deno.makeTempFile({ suffix: ".parquet" });
      await Deno.remove(file);
      await writeTradeFile(denoFs, file, INSTRUMENT, [trades]);
      using rollups = await openRollups();
      const { connection, store } = rollups;
      const base = toUnits(INSTRUMENT.priceScale, BASE);
      await rebuildRollups(connection, INSTRUMENT, [trades], { baseTicks: base });
      const symbol = await store.open(INSTRUMENT, base);
      const stored = candles.slice(0, -1);
      for (const [label, intervalMs] of Object.entries(INTERVALS)) {
        for (const group of buckets) {
          const ticks = toUnits(INSTRUMENT.priceScale, group);
          const expected = oracleCandles(candles, intervalMs, group);
          const check = (made: readonly GroupedCandle[], what: string, wanted = expected) =>
            assert.deepEqual(
              made.map((one) => plain(one, ticks)),
              wanted,
              `${what} ${label} ${group}`,
            );
          check(higherCandles(memory, intervalMs, 0, EVER, ticks), "memory");
          const request = { files: [file], series: INSTRUMENT, intervalMs, groupTicks: ticks };
          const from = candles[0].openTime;
          const to = from + INTERVALS["1d"];
          check(await parquetCandles(connection, { ...request, from, to }), "archive");
          if (ticks % base !== 0) continue;
          const minutes = oracleCandles(stored, intervalMs, group);
          check(
            await store.candles(symbol, {
              intervalMs: intervalMs,
              from: 0,
              to: EVER,
              groupTicks: ticks,
            }),
            "rollup",
            minutes,
          );
        }
      }
      await Deno.remove(file);
    },
  );
}
