import { chromium } from "playwright";
import { provideChromium } from "../../../../scripts/lib/chromium.mjs";
import { Failure } from "../../../../scripts/lib/run.mjs";
import { buildPage } from "../page/build.mjs";
import { servePage } from "../page/serve.mjs";

let built;

/** Starts a Chromium of this machine. @throws Failure when there is none */
export async function launchChromium() {
  const executablePath = await provideChromium();
  if (!executablePath) throw new Failure("bench: no Chromium was found: install one, or set CHROMIUM_PATH to it.");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** A host in a page of a Chromium of its own, cross-origin isolated. */
export async function connectChromium() {
  await (built ??= buildPage());
  const { url, close: stopServing } = await servePage();
  const browser = await launchChromium();
  const close = () => browser.close().finally(stopServing);
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => globalThis.host !== undefined && globalThis.crossOriginIsolated);
    const call = (method, params) => page.evaluate(([name, given]) => globalThis.host[name](given), [method, params]);
    return { call, close, runtime: `Chromium ${browser.version()}` };
  } catch (error) {
    await close();
    throw error;
  }
}
