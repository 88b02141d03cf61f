// Installs each project with the packed packages of TARBALLS (a folder), builds it and opens it in Chromium.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { isolation, serveByCommand, serveFolder } from "./serve.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tfblocks-hosting-"));
const tarballs = readdirSync(process.env.TARBALLS).map((name) => join(process.env.TARBALLS, name));
const tfjs = ["@tensorflow/tfjs-core@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"];
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"], shell: process.platform === "win32" });

/** A copy of a project, with its dependencies and the packed packages installed. */
function install(name, ...more) {
  const project = mkdtempSync(join(folder, `${name}-`));
  cpSync(join(here, name), project, { recursive: true });
  cpSync(join(here, "shared"), join(project, "shared"), { recursive: true });
  run("npm", ["install", "--no-audit", "--no-fund", ...tarballs, ...tfjs, ...more], project);
  return project;
}

const build = (project) => run("npm", ["run", "build"], project);

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page and asserts what it and its worker computed: with two threads, or with one and the reason. */
async function expectRightPage(server, { threads = 2, file = "" } = {}) {
  const page = await browser.newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  try {
    await page.goto(server.url + file);
    await page.waitForFunction(() => globalThis.results?.worker !== undefined, undefined, { timeout: 60_000 });
    for (const result of Object.values(await page.evaluate(() => globalThis.results))) expectRight(result, threads);
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    await server.close();
  }
}

function expectRight({ info, error, before: loss, after: lower, failure }, threads) {
  assert.equal(failure, undefined);
  assert.deepEqual(info.threads, { asked: 2, got: threads }, info.refusals.join("; "));
  assert.equal(info.kernels, "fast");
  assert.equal(info.refusals.length, threads === 2 ? 0 : 1);
  assert.ok(error < 1e-5, `attention is off by ${error}`);
  assert.ok(lower < loss, `one step must lower the loss, got ${loss} -> ${lower}`);
}

for (const version of ["8.3.8", "7.3.8"]) {
  describe(`Vite ${version}`, () => {
    let project;
    before(() => {
      project = install("vite", `vite@${version}`);
    });
    const vite = (...args) => serveByCommand(project, [join(project, "node_modules/vite/bin/vite.js"), ...args, "--host", "127.0.0.1"]);

    test("the development server", async () => expectRightPage(await vite("--port", "5190")));

    test("a production build on a host with the headers, and on one without", async () => {
      build(project);
      await expectRightPage(await serveFolder(join(project, "dist"), isolation));
      await expectRightPage(await serveFolder(join(project, "dist"), {}), { threads: 1 });
    });

    test("the preview of a build for a path of its own", async () => {
      run(process.execPath, [join(project, "node_modules/vite/bin/vite.js"), "build", "--base", "/own/path/"], project);
      await expectRightPage(await vite("preview", "--base", "/own/path/", "--port", "5191"));
    });
  });
}

test("webpack 5, on a host with the headers, and on one without", async () => {
  const project = install("webpack");
  build(project);
  await expectRightPage(await serveFolder(join(project, "dist"), isolation));
  await expectRightPage(await serveFolder(join(project, "dist"), {}), { threads: 1 });
});

test("a static folder, on a host with the headers, on one without, and there with a service worker", async () => {
  const project = install("static");
  build(project);
  const dist = join(project, "dist");
  await expectRightPage(await serveFolder(dist, isolation));
  await expectRightPage(await serveFolder(dist, {}), { threads: 1 });
  await expectRightPage(await serveFolder(dist, {}), { file: "without-headers.html" });
});
