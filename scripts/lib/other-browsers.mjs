import { existsSync } from "node:fs";
import { join } from "node:path";
import { onPath, starts } from "./find-program.mjs";
import { Failure } from "./run.mjs";

const firefoxes = [
  ...onPath("firefox", "firefox-esr"),
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  ...["ProgramFiles", "ProgramFiles(x86)"].map((name) => join(process.env[name] ?? "", "Mozilla Firefox/firefox.exe")),
];

/** The program at the path in an environment variable, or else at the first of some paths that has one. @throws Failure with an advice */
function find(variable, paths, isThere, advice) {
  const chosen = process.env[variable];
  const found = (chosen ? [chosen] : paths).find(isThere);
  if (found === undefined) throw new Failure(`${chosen ? `Nothing can be started at ${chosen}, which is ${variable}. ` : ""}${advice}`);
  return found;
}

/** The path of a Firefox: FIREFOX_PATH, or one that is installed. @throws Failure when there is none */
export const findFirefox = () =>
  find(
    "FIREFOX_PATH",
    firefoxes,
    starts,
    "This needs Firefox. Install it, on Debian with `apt-get install firefox-esr`, or set FIREFOX_PATH to it.",
  );

/** The path of the program that drives WebKitGTK: WEBKIT_DRIVER_PATH, or one that is installed. @throws Failure when there is none, or no screen */
export function findWebkit() {
  const driver = find(
    "WEBKIT_DRIVER_PATH",
    onPath("WebKitWebDriver"),
    existsSync,
    "This needs WebKitGTK with its WebKitWebDriver, which exist for Linux only. Install them, on Debian with `apt-get install webkit2gtk-driver`, or set WEBKIT_DRIVER_PATH to the latter.",
  );
  const hasScreen = process.env.WAYLAND_DISPLAY || process.env.DISPLAY;
  if (!hasScreen && !onPath("Xvfb").some(existsSync)) {
    throw new Failure("WebKitGTK needs a screen, or Xvfb in place of one. Install that, on Debian with `apt-get install xvfb`.");
  }
  return driver;
}
