import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const ARGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/**
 * Gives the test a page in real Chromium and all that the page complained about. Without Chromium
 * the test is skipped, and says so.
 */
export async function withPage(
  test: (page: Page, complaints: string[]) => Promise<void>,
): Promise<void> {
  const installed = await Deno.stat(CHROMIUM).then(() => true, () => false);
  if (!installed) {
    console.log(`SKIPPED: ${CHROMIUM} is missing, so nothing was tested in a browser.`);
    return;
  }
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    await test(page, complaints);
  } finally {
    await browser?.close();
  }
}
