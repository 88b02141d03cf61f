import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { onPath, starts } from "./find-program.mjs";
import { bin, root, runQuietly } from "./run.mjs";

const commands = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const installedApplications = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ...["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].map((name) =>
    join(process.env[name] ?? "", "Google/Chrome/Application/chrome.exe"),
  ),
];

const ofPlaywright = () => createRequire(join(root, "package.json"))("playwright").chromium.executablePath();

function find() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) return starts(chosen) ? chosen : undefined;
  return [ofPlaywright(), ...onPath(...commands), ...installedApplications].find(starts);
}

const isRoot = process.getuid?.() === 0;

function isDebian() {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** The ways to install a browser here, the platform's own first. */
function installations() {
  const apt = (...args) => ({ program: "apt-get", args, env: { DEBIAN_FRONTEND: "noninteractive" } });
  const playwright = (...args) => ({ args: [bin("playwright"), "install", ...args, "chromium"] });
  const debian = [apt("update"), apt("install", "-y", "--no-install-recommends", "chromium")];
  const downloads = [isRoot && existsSync("/usr/bin/apt-get") ? playwright("--with-deps") : playwright()];
  return isRoot && isDebian() ? [debian, downloads] : [downloads];
}

async function install(steps) {
  for (const { args, ...options } of steps) {
    const { code } = await runQuietly("Installing Chromium", args, options);
    if (code !== 0) return;
  }
}

/** The path of a Chromium that starts: CHROMIUM_PATH, one that is installed, or one installed now; undefined when none can be had. */
export async function provideChromium() {
  for (const steps of process.env.CHROMIUM_PATH ? [] : installations()) {
    const found = find();
    if (found) return found;
    await install(steps);
  }
  return find();
}
