import { chromium } from "playwright";

/** Starts the Chromium at CHROMIUM_PATH, or that of the machine, with some arguments. */
export function launchChromium(...args) {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox", ...args] : args });
}
