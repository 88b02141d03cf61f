import { launchChromium } from "./chromium.mjs";
import { launchFirefox } from "./firefox.mjs";
import { launchWebkit } from "./webkit/launch.mjs";

const launchers = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebkit };

/** The browser under test. */
export const browserName = process.env.TFBLOCKS_BROWSER ?? "chromium";

/** Starts the browser under test. */
export const launch = (...args) => launchers[browserName](...args);
