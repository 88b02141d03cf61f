import { chromium } from "playwright";

/** Starts the browser of the machine, or the one at CHROMIUM_PATH. */
export function launch() {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/**
 * Opens the playground and waits for its first picture, the element that `picture` selects. `problems` collects console
 * messages and uncaught errors.
 */
export async function openPage(browser, url, { hash = "", patience = 30_000, picture = ".heat-map.large canvas", ...contextOptions } = {}) {
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  await page.goto(url + hash);
  await page.waitForSelector(picture, { timeout: patience });
  await settled(page);
  return { page, problems, close: () => context.close() };
}

/** Waits until the latest picture and its numbers are shown. */
export async function settled(page) {
  await page.waitForFunction(
    () =>
      document.querySelector(".room")?.getAttribute("aria-busy") === "false" &&
      !document.querySelector("#numbers")?.textContent.includes("Measuring"),
    undefined,
    { timeout: 30_000 },
  );
}
