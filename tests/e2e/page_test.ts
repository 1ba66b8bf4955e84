import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { ChartInspection } from "../../chart/chart_state.ts";
import { hasChromium, openPage } from "../support/browser.ts";
import type { OracleFootprints } from "../support/oracle.ts";
import { productOnCapture } from "../support/product_on_capture.ts";
import { hasSharedData, readOracle } from "../support/shared_data.ts";

const SCREENSHOT = Deno.env.get("FOOTPRINT_SCREENSHOT") ?? null;

/** What is asked about walls stands in walls_test.ts. */
type Elsewhere = "visibleWalls" | "wallLabels" | "readout";

type Inspection = Omit<ChartInspection, "visibleCandles" | Elsewhere> & {
  readonly candles: ReturnType<ChartInspection["visibleCandles"]>;
};

function inspect(page: Page): Promise<Inspection> {
  return page.evaluate(() => {
    const chart = globalThis.footprintChart;
    if (chart === undefined) throw new Error("There is no chart");
    // Its properties are getters, which do not cross to the test by themselves.
    const { version, mode, following, group, priceRange, timeRange } = chart;
    const { heatmapCells, heatmapReady, ladderRows, frameTimes } = chart;
    const candles = chart.visibleCandles();
    return {
      version,
      mode,
      following,
      group,
      priceRange,
      timeRange,
      heatmapCells,
      heatmapReady,
      ladderRows,
      frameTimes,
      candles,
    };
  });
}

/** Waits, frame by frame of the page, until the chart is as wanted. */
async function until(page: Page, wanted: (chart: Inspection) => boolean): Promise<void> {
  const limit = AbortSignal.timeout(20_000);
  while (true) {
    const hasChart = await page.evaluate(() => globalThis.footprintChart !== undefined);
    if (hasChart && wanted(await inspect(page))) return;
    limit.throwIfAborted();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Shares of a canvas's pixels that are reddish, greenish and bluish, in per mille. */
function colours(page: Page, selector: string) {
  return page.evaluate((wanted) => {
    const canvas = document.querySelector<HTMLCanvasElement>(wanted);
    const context = canvas?.getContext("2d");
    if (!canvas || !context) throw new Error(`There is no canvas ${wanted}`);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const counts = { red: 0, green: 0, blue: 0 };
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
      if (r > 120 && r > g + 40) counts.red++;
      else if (g > 90 && g > r + 40) counts.green++;
      else if (b > 60 && b > r + 30) counts.blue++;
    }
    const share = (count: number) => Math.round((count * 4000) / data.length);
    return { red: share(counts.red), green: share(counts.green), blue: share(counts.blue) };
  }, selector);
}

Deno.test({
  name: "the page shows candles, heatmap and ladder of a real market, pans and zooms",
  ignore: !hasChromium || !hasSharedData,
  fn: async () => {
    await using it = await productOnCapture();
    await using opened = await openPage(`${it.product.url}/`);
    const { page, problems } = opened;
    assert.equal(new URL(page.url()).pathname, "/chart/BTCUSDT", "/ leads to the chart");
    await until(page, ({ candles }) => candles.length >= 7);
    await until(page, (chart) => chart.heatmapCells > 10_000 && chart.ladderRows > 20);
    await until(page, ({ heatmapReady }) => heatmapReady);
    await page.evaluate(() => document.fonts.ready);

    await assertCandlesShown(page);
    const chart = await colours(page, ".chart-main");
    assert.ok(chart.red > 1 && chart.green > 1, `candles are painted: ${JSON.stringify(chart)}`);
    assert.ok(chart.blue > 15, `the heatmap is painted: ${JSON.stringify(chart)}`);
    const ladder = await colours(page, ".ladder-pane");
    assert.ok(
      ladder.red > 1 && ladder.green > 1,
      `the ladder is painted: ${JSON.stringify(ladder)}`,
    );
    assert.match(await page.textContent(".status-line") ?? "", /Live/);
    const picture = await page.screenshot(SCREENSHOT === null ? {} : { path: SCREENSHOT });
    assert.ok(picture.length > 50_000);

    await assertPansAndReturns(page);
    await assertZooms(page);
    await assertTimeframes(page);
    assert.deepEqual(problems, []);
  },
});

/** What the chart draws equals the oracle: rows of its own group, sells and buys. */
async function assertCandlesShown(page: Page): Promise<void> {
  const oracle = await readOracle<OracleFootprints>(
    "spot_btcusdt_20240808_09.footprint.1m.json.gz",
  );
  const { candles: visible, group } = await inspect(page);
  const candles = visible.slice(0, -1);
  assert.ok(candles.length >= 8, `${candles.length} whole candles are visible`);
  const wholeMinutes = oracle.candles.filter(({ openTime }) =>
    candles.some(({ time }) => time === openTime)
  );
  assert.deepEqual(
    candles.map(({ time, open, high, low, close, buyLots, sellLots }) => ({
      time,
      open: open / 100,
      high: high / 100,
      low: low / 100,
      close: close / 100,
      buyVolume: buyLots / 1e8,
      sellVolume: sellLots / 1e8,
    })),
    wholeMinutes.map((candle) => ({
      time: candle.openTime,
      open: Number(candle.open),
      high: Number(candle.high),
      low: Number(candle.low),
      close: Number(candle.close),
      buyVolume: Number(candle.buyVolume),
      sellVolume: Number(candle.sellVolume),
    })),
  );
  assert.ok(group !== null);
  for (const [i, candle] of wholeMinutes.entries()) {
    const rows = new Map<number, [number, number]>();
    for (const [price, buy, sell] of candle.footprint["0.01"].rows) {
      const row = Math.floor(Math.round(Number(price) * 100) / group) * group;
      const [sells, buys] = rows.get(row) ?? [0, 0];
      rows.set(row, [sells + Math.round(Number(sell) * 1e8), buys + Math.round(Number(buy) * 1e8)]);
    }
    const expected = [...rows].map(([row, [sells, buys]]) => [row, sells, buys]);
    assert.deepEqual(candles[i].rows, expected, `rows of the candle ${candle.openTime}`);
  }
}

async function assertPansAndReturns(page: Page): Promise<void> {
  const before = await inspect(page);
  assert.equal(before.following, true);
  await page.mouse.move(700, 400);
  await page.mouse.down();
  await page.mouse.move(900, 450, { steps: 5 });
  await page.mouse.up();
  await until(page, (chart) => !chart.following);
  const panned = await inspect(page);
  assert.ok(panned.timeRange[0] < before.timeRange[0], "dragging right goes back in time");
  assert.ok(panned.priceRange[1] > before.priceRange[1], "dragging down shows higher prices");
  const length = ({ timeRange: [from, to] }: Inspection) => Math.round(to - from);
  assert.equal(length(panned), length(before), "panning does not zoom");
  await page.click("text=Back to live");
  await until(page, (chart) => chart.following);
}

async function assertZooms(page: Page): Promise<void> {
  const before = await inspect(page);
  assert.equal(before.mode, "numbers");
  const length = ([from, to]: readonly [number, number]) => to - from;
  await page.mouse.move(600, 400);
  for (const mode of ["bars", "candles"]) {
    for (let i = 0; i < 40 && (await inspect(page)).mode !== mode; i++) {
      const { version } = await inspect(page);
      await page.mouse.wheel(0, 240);
      await until(page, (chart) => chart.version > version);
    }
    assert.equal((await inspect(page)).mode, mode, "zooming out simplifies");
  }
  const out = await inspect(page);
  assert.ok(length(out.timeRange) > length(before.timeRange) * 2);

  const box = await page.locator(".chart-overlay").boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width - 30, box.y + 200);
  const { version } = await inspect(page);
  await page.mouse.wheel(0, -240);
  await until(page, (chart) => chart.version > version);
  const price = await inspect(page);
  assert.ok(length(price.priceRange) < length(out.priceRange), "the price axis zooms alone");
  assert.equal(length(price.timeRange), length(out.timeRange));

  await page.mouse.dblclick(600, 400);
  await until(page, (chart) => chart.following);
}

/** Keys 1 to 6 and the buttons: longer candles are what their minutes add up to. */
async function assertTimeframes(page: Page): Promise<void> {
  const minutes = (await inspect(page)).candles;
  const sum = (candles: Inspection["candles"]) =>
    candles.reduce((total, { buyLots, sellLots }) => total + buyLots + sellLots, 0);
  await page.keyboard.press("3");
  await until(
    page,
    ({ candles }) => candles.length > 0 && candles.every(({ time }) => time % 900_000 === 0),
  );
  await until(page, ({ candles }) => sum(candles) === sum(minutes));
  assert.equal(await page.locator(".interval.on").textContent(), "15m");
  const { candles } = await inspect(page);
  const first = minutes.filter(({ time }) => time < candles[0].time + 900_000);
  assert.equal(candles[0].open, first[0].open);
  assert.equal(candles[0].high, Math.max(...first.map(({ high }) => high)));
  assert.equal(candles[0].close, first[first.length - 1].close);
  await page.click("text=1d");
  await until(page, ({ candles }) => candles.every(({ time }) => time % 86_400_000 === 0));
  await until(page, ({ candles }) => sum(candles) === sum(minutes));
  await page.keyboard.press("1");
  await until(page, ({ candles }) => candles.length === minutes.length);
}

Deno.test({
  name: "on a phone the chart fills the page and the ladder is a tap away",
  ignore: !hasChromium || !hasSharedData,
  fn: async () => {
    await using it = await productOnCapture();
    const phone = { width: 390, height: 844 };
    await using opened = await openPage(`${it.product.url}/chart/BTCUSDT`, phone, 2);
    const { page, problems } = opened;
    await until(page, ({ candles }) => candles.length >= 1);
    const { width, pixels, scroll } = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".chart-main");
      return {
        width: canvas?.clientWidth ?? 0,
        pixels: canvas?.width ?? 0,
        scroll: document.documentElement.scrollWidth,
      };
    });
    assert.ok(width >= 380, `the chart is ${width} px wide`);
    assert.equal(pixels, width * 2, "one canvas pixel for each pixel of the screen");
    assert.ok(scroll <= 390, `nothing reaches beyond the screen: ${scroll} px`);
    assert.equal(await page.locator(".ladder-pane").isVisible(), false);
    await page.click("text=COB");
    await page.locator(".ladder-pane").waitFor({ state: "visible" });
    await until(page, ({ ladderRows }) => ladderRows > 5);
    assert.deepEqual(problems, []);
  },
});

Deno.test({
  name: "a symbol that is not recorded has a page that says so",
  ignore: !hasChromium || !hasSharedData,
  fn: async () => {
    await using it = await productOnCapture();
    await using opened = await openPage(`${it.product.url}/chart/DOGEUSDT`);
    assert.match(await opened.page.textContent("body") ?? "", /DOGEUSDT is not recorded here/);
  },
});
