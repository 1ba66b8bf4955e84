import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { SymbolHealth, WallsAnswer } from "../../bus/queries.ts";
import type { ChartInspection } from "../../chart/chart_state.ts";
import { hasChromium, openPage } from "../support/browser.ts";
import { getJson, type Health, type Product, startProduct } from "../support/product.ts";

const LIMIT_MS = 60_000;
const HOUR = 3_600_000;

/** A resting wall on the page: where its mark lies, and how much of it has exactly its colour. */
interface Mark {
  readonly side: "bid" | "ask";
  readonly row: number;
  readonly born: number;
  readonly left: number;
  readonly width: number;
  readonly y: number;
  readonly painted: number;
}

/** The marks of what rests, or what is painted at places where marks were. */
function marks(page: Page, places: readonly Mark[] | null = null): Promise<Mark[]> {
  return page.evaluate((places) => {
    const chart = globalThis.footprintChart;
    const canvas = document.querySelector<HTMLCanvasElement>(".chart-main");
    const context = canvas?.getContext("2d");
    if (!chart || !canvas || !context) throw new Error("There is no chart");
    const shown = chart.visibleWalls()
      .filter(({ wall, left, right }) => wall.died === null && right - left > 10)
      .map(({ wall: { side, row, born }, left, right, top, height }) => {
        return { side, row, born, left, width: right - left, y: top + Math.floor(height / 2) };
      })
      .filter(({ y }) => y > 100 && y < canvas.height - 150);
    return (places ?? shown).map((mark) => {
      const { data } = context.getImageData(mark.left, mark.y, mark.width, 1);
      const colour = mark.side === "bid" ? [63, 192, 143] : [239, 111, 108];
      let pixels = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (colour.every((value, n) => data[i + n] === value)) pixels++;
      }
      return { ...mark, painted: pixels / mark.width };
    });
  }, places);
}

/** Asks, frame by frame of the page, until the answer is one. */
async function until<T>(page: Page, what: string, ask: () => Promise<T | null>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== null) return answer;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  throw new Error(`It did not happen in ${LIMIT_MS / 1000} s: ${what}`);
}

function readout(page: Page): Promise<ChartInspection["readout"]> {
  return page.evaluate(() => globalThis.footprintChart?.readout ?? []);
}

async function paintedMarks(page: Page): Promise<Mark[] | null> {
  const found = (await marks(page)).filter(({ painted }) => painted > 0.5);
  return found.length > 0 ? found : null;
}

async function untilReady(page: Page): Promise<void> {
  await until(
    page,
    "candles are shown",
    () =>
      page.evaluate(() => (globalThis.footprintChart?.visibleCandles().length ?? 0) > 0 || null),
  );
}

Deno.test({
  name: "the page shows the walls of a simulated market, hides them, and tells of each",
  ignore: !hasChromium,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using product = await startProduct(
      ["--feed", "simulator", "--speed", "20", "--seed", "5", "--data-dir", folder],
    );
    await using opened = await openPage(`${product.url}/chart/BTCUSDT`);
    const { page, problems } = opened;
    await untilReady(page);
    await page.mouse.move(500, 400);
    await page.mouse.wheel(0, 700);
    const shown = await until(page, "a wall is painted", () => paintedMarks(page));
    const { walls } = (await getJson<WallsAnswer>(`${product.url}/api/walls?symbol=BTCUSDT`)).body;
    for (const { side, row, born } of shown) {
      const same = walls.filter((wall) =>
        wall.side === side && wall.price === row / 100 && wall.born === born
      );
      assert.equal(same.length, 1, `${side} ${row} is a wall of the market`);
    }
    await until(
      page,
      "a quantity is beside a wall",
      () => page.evaluate(() => (globalThis.footprintChart?.wallLabels ?? 0) > 0 || null),
    );
    await assertTold(page);
    await assertHidden(page);
    await assertPastShown(page, product);
    assert.deepEqual(problems, []);
  },
});

/** Pointing at a mark tells of it, with units; pointing beside it does not. */
async function assertTold(page: Page): Promise<void> {
  const box = await page.locator(".chart-overlay").boundingBox();
  assert.ok(box);
  const line = await until(page, "the readout tells of a wall", async () => {
    // Walls come and go: each try takes one that is there.
    const mark = (await marks(page)).at(0);
    if (mark === undefined) return null;
    await page.mouse.move(box.x + mark.left + mark.width / 2, box.y + mark.y);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    return (await readout(page)).at(2) ?? null;
  });
  assert.match(line, /^(bid|ask) wall [\d\s]+ USDT peak [\d.\s]+ BTC (resting|left) [\d.\s]+ BTC/);
  assert.match(line, /traded [\d.\s]+ BTC since .* UTC, for \d\d:\d\d/);
  await page.mouse.move(box.x + 5, box.y + box.height - 5);
  await until(
    page,
    "the readout is silent",
    async () => (await readout(page)).length === 1 || null,
  );
}

/** The key and the button hide the marks and bring them back. */
async function assertHidden(page: Page): Promise<void> {
  const toggle = page.locator(".toggle-Walls");
  assert.match(
    await toggle.getAttribute("title") ?? "",
    /at present [\d.\s]+ BTC or more in a row/,
  );
  assert.equal(await toggle.getAttribute("aria-pressed"), "true");
  // The view stands still from here on.
  await page.keyboard.press("ArrowLeft");
  const places = await until(page, "a wall is painted", () => paintedMarks(page));
  await page.keyboard.press("w");
  await until(page, "no wall is left", async () => (await marks(page)).length === 0 || null);
  for (const { side, row, painted } of await marks(page, places)) {
    assert.ok(painted < 0.1, `${side} ${row} is not painted: ${painted}`);
  }
  assert.equal(await toggle.getAttribute("aria-pressed"), "false");
  await toggle.click();
  await page.click("text=Back to live");
  await until(page, "a wall is painted again", () => paintedMarks(page));
  assert.equal(await toggle.getAttribute("aria-pressed"), "true");
}

/** Walls that ended before the page was opened come from the archive, where they are looked at. */
async function assertPastShown(page: Page, { url }: Product): Promise<void> {
  const { body } = await getJson<Health>(`${url}/api/health`);
  const { lastEventTime } = body.symbols.at(0) as SymbolHealth;
  assert.ok(lastEventTime !== null);
  const born = lastEventTime - 2 * HOUR;
  const asked: number[] = [];
  await page.route("**/api/walls*", async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [from, to] = [Number(query.get("from")), Number(query.get("to"))];
    asked.push(from);
    // The oldest hour holds what no frame has told of.
    if (born < from || born >= to) return await route.continue();
    const [low, high] = await page.evaluate(() =>
      globalThis.footprintChart?.priceRange ?? [0, 0] as const
    );
    const price = Math.round((low + high) / 200);
    const died = born + 600_000;
    const wall = { side: "ask", price, born, died, peak: 9, quantity: 0, traded: 9 };
    await route.fulfill({ json: { symbol: "BTCUSDT", walls: [{ ...wall, ended: "filled" }] } });
  });
  const isShown = () =>
    page.evaluate((born) => {
      const walls = globalThis.footprintChart?.visibleWalls() ?? [];
      return walls.some(({ wall }) => wall.born === born && wall.ended === "filled") || null;
    }, born);
  assert.equal(await isShown(), null);
  await until(page, "the old wall is shown", async () => {
    await page.keyboard.press("ArrowLeft");
    const from = await page.evaluate(() => globalThis.footprintChart?.timeRange[0] ?? 0);
    assert.ok(from > born - 2 * HOUR, `it is not shown, and ${from} is long before it`);
    return isShown();
  });
  assert.equal(new Set(asked).size, asked.length, `each hour is asked for once: ${asked}`);
}
