import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { DrawnInspection } from "../../chart/chart_state.ts";
import { hasChromium, openPage } from "../support/browser.ts";
import { productOnCapture } from "../support/product_on_capture.ts";
import { hasSharedData } from "../support/shared_data.ts";

type Drawn =
  & Pick<DrawnInspection, "version" | "mode" | "group" | "columns">
  & {
    readonly candles: ReturnType<DrawnInspection["visibleCandles"]>;
    readonly levels: ReturnType<DrawnInspection["visibleLevels"]>;
  };

const BUTTON = ".toggle-Footprint";
const MENU = "#footprint-menu";
const KEPT_AS = "footprint.options";

function drawn(page: Page): Promise<Drawn | null> {
  return page.evaluate(() => {
    const chart = globalThis.footprintChart;
    if (chart === undefined) return null;
    const { version, mode, group, columns } = chart;
    const candles = chart.visibleCandles();
    return { version, mode, group, columns, candles, levels: chart.visibleLevels() };
  });
}

/** Waits, frame by frame of the page, until the picture is as wanted. */
async function until(page: Page, wanted: (chart: Drawn) => boolean): Promise<Drawn> {
  const limit = AbortSignal.timeout(20_000);
  while (true) {
    const chart = await drawn(page);
    if (chart !== null && wanted(chart)) return chart;
    limit.throwIfAborted();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

const choose = (page: Page, label: string, value: string) =>
  page.selectOption(`${MENU} select[aria-label="${label}"]`, value);

/** Colours of the chart's canvas at some of its pixels. */
function pixels(page: Page, points: readonly (readonly [x: number, y: number])[]) {
  return page.evaluate((points) => {
    const context = document.querySelector<HTMLCanvasElement>(".chart-main")?.getContext("2d");
    if (!context) throw new Error("There is no chart");
    return points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
  }, points);
}

/** Pixels of the chart's canvas that are plainly red or green. */
function sidedPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".chart-main");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) throw new Error("There is no chart");
    // The plot without the readout, the profile and the footer.
    const { data } = context.getImageData(0, 60, 900, 600);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [r, g] = [data[i], data[i + 1]];
      if (Math.abs(r - g) > 60) count++;
    }
    return count;
  });
}

Deno.test({
  name: "the footprint menu changes what candles show, marks levels, and is remembered",
  ignore: !hasChromium || !hasSharedData,
  fn: async () => {
    await using it = await productOnCapture();
    await using opened = await openPage(`${it.product.url}/chart/BTCUSDT`);
    const { page, problems } = opened;
    const first = await until(page, ({ candles }) => candles.length >= 8);
    assert.deepEqual(first.columns, ["bidAsk numbers"]);
    await page.click("text=Heatmap");
    await page.click("text=VPVR");
    await page.click("text=Walls");

    await assertOpensAndCloses(page);
    await page.click(BUTTON);
    await assertLevels(page);
    await assertContents(page);

    await page.reload();
    const again = await until(
      page,
      ({ candles, levels }) => candles.length > 0 && levels.length > 0,
    );
    assert.deepEqual(again.columns, ["volume histogram"], "numbers beside it need wider candles");
    assert.ok(again.levels.some(({ kind }) => kind === "poc"), "naked POCs are still on");
    await assertBrokenFallsBack(page);
    assert.deepEqual(problems, []);
  },
});

async function assertOpensAndCloses(page: Page): Promise<void> {
  const menu = page.locator(MENU);
  assert.equal(await menu.isVisible(), false);
  await page.focus(BUTTON);
  await page.keyboard.press("Enter");
  await menu.waitFor({ state: "visible" });
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert.equal(await focused(), "Content", "the keyboard is in the menu");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Drawn as");
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });
  const isBack = await page.evaluate((button) => document.activeElement?.matches(button), BUTTON);
  assert.equal(isBack, true, "the keyboard is back at the button");
  await page.keyboard.press("Enter");
  await menu.waitFor({ state: "visible" });
  await page.mouse.click(300, 600);
  await menu.waitFor({ state: "hidden" });
}

/** Naked POCs and stacked imbalances are those that the shown rows add up to. */
async function assertLevels(page: Page): Promise<void> {
  const naked = page.locator(`${MENU} label`, { hasText: "Naked POCs" }).locator("input");
  assert.equal(await naked.isChecked(), false);
  await naked.check();
  const { candles, levels, group } = await until(
    page,
    ({ levels }) => levels.some(({ kind }) => kind === "poc"),
  );
  assert.ok(group !== null);
  // Candles cut by the left edge and the one that has just begun are left out of the comparison;
  // the capture's first one is not whole.
  const whole = candles.slice(1, -1);
  const times = new Set(whole.map(({ time }) => time));
  const shown = (...kinds: string[]) =>
    levels.filter(({ kind, time }) => kinds.includes(kind) && times.has(time))
      .map(({ kind, time, low, high, end }) => ({ kind, time, low, high, end }))
      .sort((a, b) => a.time - b.time || a.low - b.low);
  const endOf = (time: number, low: number, high: number) =>
    candles.find((later) => later.time > time && later.low < high && later.high >= low)?.time ??
      null;
  const pocs = whole.map(({ time, rows }) => {
    const [poc] = rows.reduce((best, row) => row[1] + row[2] > best[1] + best[2] ? row : best);
    const low = poc + group / 2;
    return { kind: "poc", time, low, high: low, end: endOf(time, poc, poc + group) };
  });
  assert.deepEqual(shown("poc"), pocs);
  const stacks = whole.flatMap(({ time, rows }) =>
    [...stacksOf(rows, group, "stackedSell"), ...stacksOf(rows, group, "stackedBuy")]
      .map(([kind, low, high]) => ({ kind, time, low, high, end: endOf(time, low, high) }))
  ).sort((a, b) => a.time - b.time || a.low - b.low);
  assert.ok(stacks.length > 0, "the capture has stacked imbalances");
  assert.deepEqual(shown("stackedSell", "stackedBuy"), stacks);

  const lasting = levels.filter(({ kind, end }) => kind === "poc" && end === null);
  assert.ok(lasting.length > 0);
  const middles = lasting.map(({ left, right, top }) =>
    [Math.round((left + right) / 2), Math.round(top)] as const
  );
  for (const [i, [r, g, b]] of (await pixels(page, middles)).entries()) {
    assert.ok(r > 140 && g > 110 && b < g - 30, `gold at ${middles[i]}: ${[r, g, b]}`);
  }
}

/** Runs of 3 or more diagonal imbalances by the written rule, with no regard to the chart's code. */
function stacksOf(
  rows: readonly (readonly [row: number, sell: number, buy: number])[],
  group: number,
  kind: "stackedSell" | "stackedBuy",
): [string, number, number][] {
  const held = new Map(rows.map(([row, sell, buy]) => [row, { sell, buy }]));
  const volume = rows.reduce((sum, [, sell, buy]) => sum + sell + buy, 0);
  const found: [string, number, number][] = [];
  let length = 0;
  const [lowest] = rows[0];
  const [highest] = rows[rows.length - 1];
  for (let row = lowest; row <= highest + group; row += group) {
    const isSell = kind === "stackedSell";
    const own = (isSell ? held.get(row)?.sell : held.get(row)?.buy) ?? 0;
    const against = (isSell ? held.get(row + group)?.buy : held.get(row - group)?.sell) ?? 0;
    if (own > 0 && own >= volume * 0.02 && own >= 3 * against) length++;
    else {
      if (length >= 3) found.push([kind, row - length * group, row]);
      length = 0;
    }
  }
  return found;
}

async function assertContents(page: Page): Promise<void> {
  await choose(page, "Drawn as", "histogram");
  await until(page, ({ columns }) => columns.join() === "bidAsk histogram");
  const sided = await sidedPixels(page);
  await choose(page, "Content", "volume");
  await until(page, ({ columns }) => columns.join() === "volume histogram");
  const neutral = await sidedPixels(page);
  assert.ok(neutral < sided / 2, `volume has no side: ${neutral} of ${sided} coloured pixels`);
  await choose(page, "Drawn as", "profile");
  await until(page, ({ columns }) => columns.join() === "volume profile");
  const parted = await sidedPixels(page);
  assert.ok(parted > neutral * 1.5, `a profile parts it: ${parted} after ${neutral}`);

  await choose(page, "Drawn as", "histogram");
  await choose(page, "Second content", "delta");
  // 92 px have room for both; two of numbers need wider candles.
  await until(page, ({ columns }) => columns.join() === "volume histogram,delta numbers");
  await choose(page, "Content", "bidAsk");
  await choose(page, "Drawn as", "numbers");
  await until(page, ({ columns }) => columns.join() === "bidAsk numbers");
  await page.keyboard.press("Escape");
  await page.mouse.move(700, 300);
  for (let i = 0; i < 12 && (await drawn(page))?.columns.length !== 2; i++) {
    const before = await drawn(page);
    await page.mouse.wheel(0, -120);
    await until(page, ({ version }) => version > (before?.version ?? 0));
  }
  assert.deepEqual((await drawn(page))?.columns, ["bidAsk numbers", "delta numbers"]);
  await page.click(BUTTON);
  await choose(page, "Content", "volume");
  await choose(page, "Drawn as", "histogram");
  await choose(page, "Second content", "bidAsk");
  await until(page, ({ columns }) => columns.join() === "volume histogram,bidAsk numbers");
}

async function assertBrokenFallsBack(page: Page): Promise<void> {
  const keep = (text: string) =>
    page.evaluate(([key, text]) => localStorage.setItem(key, text), [KEPT_AS, text] as const);
  await keep(`{"cells":{"first":{"content":"magic","drawing":"numbers"},"x":1},"studies":7}`);
  await page.reload();
  const { columns } = await until(page, ({ candles }) => candles.length > 0);
  assert.deepEqual(columns, ["bidAsk numbers"]);
  await page.click(BUTTON);
  await choose(page, "Shading", "delta");
  const kept = await page.evaluate((key) => localStorage.getItem(key), KEPT_AS);
  assert.deepEqual(JSON.parse(kept ?? ""), {
    cells: {
      first: { content: "bidAsk", drawing: "numbers" },
      second: null,
      shade: "delta",
      scope: "candle",
    },
    studies: { valueArea: true, stacked: true, unfinished: false, nakedPoc: false },
  });
  await keep("{");
  await page.reload();
  await until(
    page,
    ({ candles, columns }) => candles.length > 0 && columns[0] === "bidAsk numbers",
  );
}
