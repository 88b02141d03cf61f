import "./lib/require-node.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provideChromium } from "./lib/chromium.mjs";
import { findFirefox, findWebkit } from "./lib/other-browsers.mjs";
import { packPackages } from "./lib/pack.mjs";
import { bin, main, npm, root, runOpenly } from "./lib/run.mjs";
import { fromExitCode, runStages, skipped, failed } from "./lib/stages.mjs";
import { bold, say, yellow } from "./lib/terminal.mjs";
import { build, install } from "./lib/workspace.mjs";
import { testTarballs } from "./test-tarballs.mjs";

const help = `npm test [-- stages, --full, --coverage, vitest filters and options]

Without arguments these stages run:

  --node       all unit tests in Node.js, from the sources
  --browser    the unit tests that a browser can change: WebAssembly, threads, requests, webgl, and webgpu where
               results of PyTorch are recorded; what depends on cross-origin isolation runs with it and without
  --built      against the built packages: conformance and golden suites, the threads of wasm, all tests of Node.js entries
  --tarballs   the packed packages in an empty project: plain npm, plain Node.js, strict TypeScript
  --e2e        the production playground in Chromium: the main path of each room, or all its tests with --full

Only by name, because they need some minutes, and the network or another browser:

  --hosting    the projects of internal/hosting with the packed packages: Vite, webpack, static hosts
  --firefox    the main path of each room of the production playground, in Firefox
  --webkit     the same in WebKitGTK, the engine of Safari for Linux

Name one or more stages to run only those. Whatever else is given goes to vitest, and without a stage means --node --browser:

  npm test -- --node packages/masks
  npm test -- --node -t "a query that may attend to nothing"

  --full       the full matrix: each test file in a Node.js process of its own, all of them in Chromium
               and against the built packages too, on every backend. .ci/run uses it
  --coverage   counts the lines of the packages that the unit tests in Node.js run

Fuzz and property tests are seeded, and run the same cases with and without --full: TFBLOCKS_FUZZ_CASES=20000 asks for more
than the usual 1500 of kernels.

Chromium is taken from CHROMIUM_PATH or from where it is usually installed, and is installed when missing.
Without one the browser stages are skipped, or fail when CI=true. Firefox and WebKitGTK are not installed; where one is
missing, its stage says how to get it.`;

const vitest = (projects, args, env) =>
  runOpenly([bin("vitest"), "run", ...projects.flatMap((name) => ["--project", name]), ...args], { env });

let chromium;

/** Runs a stage that needs a browser, or says why it cannot. */
async function inChromium(run) {
  chromium ??= provideChromium();
  const path = await chromium;
  if (path) return fromExitCode(await run({ CHROMIUM_PATH: path }));
  const reason = "no Chromium was found or could be installed; install one, or set CHROMIUM_PATH to it";
  return process.env.CI === "true" ? failed(reason) : skipped(reason);
}

const playground = "apps/playground";

/** The production playground, driven by its own `e2e` script. */
async function testPlayground() {
  await build(playground);
  return inChromium((env) => runOpenly(npm("run", "--silent", "e2e"), { cwd: join(root, playground), env }));
}

/** The main paths of its rooms in another browser. */
async function testRooms(browser, variables) {
  await build(playground);
  const env = { ...variables, TFBLOCKS_BROWSER: browser };
  return fromExitCode(await runOpenly(npm("run", "--silent", "e2e:rooms"), { cwd: join(root, playground), env }));
}

/** Ways of serving the packages, each a project of its own. */
async function testHosting() {
  const folder = mkdtempSync(join(tmpdir(), "tfblocks-packed-"));
  try {
    await packPackages(folder);
    return await inChromium((env) => runOpenly(["--test", "internal/hosting/hosting.test.mjs"], { env: { ...env, TARBALLS: folder } }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Unit tests against `dist`, as a user of the packages meets them: those that a build can break, or all with --full. */
async function testBuilt(args) {
  await build();
  return fromExitCode(await vitest(["node"], args, { TFBLOCKS_BUILT: "1" }));
}

const stages = {
  "--node": { title: "Unit tests in Node.js", run: async (args) => fromExitCode(await vitest(["node"], args)) },
  "--browser": {
    title: "Unit tests in Chromium",
    run: (args) => inChromium((env) => vitest(["chromium isolated", "chromium"], ["--passWithNoTests", ...args], env)),
  },
  "--built": { title: "Unit tests against the built packages", run: testBuilt },
  "--tarballs": { title: "Tarballs in an empty project", run: testTarballs },
  "--e2e": { title: "Production playground in Chromium", run: testPlayground },
  "--firefox": {
    title: "Rooms of the playground in Firefox",
    run: async () => testRooms("firefox", { FIREFOX_PATH: findFirefox() }),
    onlyByName: true,
  },
  "--webkit": {
    title: "Rooms of the playground in WebKitGTK",
    run: async () => testRooms("webkit", { WEBKIT_DRIVER_PATH: findWebkit() }),
    onlyByName: true,
  },
  "--hosting": { title: "Hosting projects in Chromium", run: testHosting, onlyByName: true },
};

const usualStages = Object.keys(stages).filter((flag) => !stages[flag].onlyByName);

function chooseStages(args) {
  const named = Object.keys(stages).filter((flag) => args.includes(flag));
  const others = args.filter((argument) => !(argument in stages));
  const unnamed = others.includes("--coverage") ? ["--node"] : others.length > 0 ? ["--node", "--browser"] : usualStages;
  const chosen = named.length > 0 ? named : unnamed;
  return chosen.map((flag) => ({ title: stages[flag].title, run: () => stages[flag].run(others) }));
}

async function warnWithoutChromium() {
  if (chromium === undefined || (await chromium)) return;
  say(yellow(bold("\nThe browser tests did not run: no Chromium was found, and none could be installed.")));
  say(yellow("Install Chromium or Google Chrome, or set CHROMIUM_PATH to one, and run npm test again."));
}

await main(async () => {
  const args = process.argv.slice(2).filter((argument) => argument !== "--full");
  if (process.argv.includes("--full")) process.env.TFBLOCKS_FULL = "1";
  if (args.includes("--help") || args.includes("-h")) return say(help) ?? 0;
  await install();
  const code = await runStages(chooseStages(args), { announce: true });
  await warnWithoutChromium();
  return code;
});
