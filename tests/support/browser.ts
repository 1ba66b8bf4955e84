import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const hasChromium = existsSync(CHROMIUM);

if (!hasChromium) console.warn(`NOTICE: browser tests are skipped: there is no ${CHROMIUM}`);

/** A page in Chromium, and everything that went wrong on it. */
export interface BrowserPage extends AsyncDisposable {
  readonly page: Page;
  readonly browser: Browser;
  /** Uncaught errors and console errors, which a healthy page has none of. */
  readonly problems: string[];
}

export async function openPage(
  url: string,
  viewport = { width: 1600, height: 900 },
  deviceScaleFactor = 1,
): Promise<BrowserPage> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await browser.newContext({ viewport, deviceScaleFactor });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(url);
  return { page, browser, problems, [Symbol.asyncDispose]: () => browser.close() };
}
