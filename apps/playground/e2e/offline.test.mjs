import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { isFull } from "./full.mjs";
import { launch, withoutServiceWorker } from "./open-page.mjs";
import { isolation, serve } from "./serve.mjs";
import { copyOfBuild } from "./two-builds.mjs";
import { eventually } from "./eventually.mjs";

const ready = (page) => page.waitForSelector(".chip-details summary", { timeout: 30_000 });
const offlineIs = (page, phase) => page.waitForSelector(`[data-offline=${phase}]`, { state: "attached", timeout: 30_000 });
const threads = (page) => page.getAttribute(".chip-details summary", "data-threads").then(Number);
const wantedThreads = (page) => page.evaluate(() => Math.min(8, navigator.hardwareConcurrency));
const card = (page) => page.textContent("#backend-card");
/** What tells the builds apart. */
const description = (page) => page.getAttribute("meta[name=description]", "content");
const offer = (page) => page.waitForSelector(".update-notice", { timeout: 30_000 });
const reloadToUpdate = (page) => page.click(".update-notice button:has-text('Reload')");

const isOfNextBuild = async (page) => {
  await page.waitForFunction(() => document.querySelector("meta[name=description]").content === "the next build");
  await ready(page);
};

/** Lets a page look for a new build, as it does when it is shown again. */
const findUpdate = (page) => page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration()).update()));

/** Keeps what each document of a page showed last for the document after it. */
const keepLastText = (context) =>
  context.addInitScript(() =>
    addEventListener("pagehide", () => sessionStorage.setItem("last text", document.querySelector("#app").textContent)),
  );
const lastText = (page) => page.evaluate(() => sessionStorage.getItem("last text"));

/** Opens every room by its link in the navigation, and waits for its first picture. */
async function openEveryRoom(page) {
  const links = page.locator("header nav a");
  const count = await links.count();
  assert.ok(count > 3);
  for (let index = 0; index < count; index++) {
    const link = links.nth(index); // a link changes with the workspace
    await link.click();
    await page.waitForFunction((element) => element.hasAttribute("aria-current"), await link.elementHandle());
    await page.waitForSelector("main [aria-busy=false]", { timeout: 30_000 });
    await eventually.doesNotMatch(() => page.textContent("main"), /could not be/);
  }
}

/** Leaves an origin too little storage for the page. */
async function limitStorage(context, origin) {
  const session = await context.newCDPSession(await context.newPage());
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 200_000 });
}

/** Serves a page of another site that embeds a URL. */
async function embedding(url, body) {
  const html = `<!doctype html><link rel="icon" href="data:," /><iframe src="${url}" width="900" height="700"></iframe>`;
  const server = createServer((_request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(html));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await body(`http://localhost:${server.address().port}/`);
  } finally {
    server.close();
  }
}

describe("the service worker", { skip: !isFull }, () => {
  let browser;
  before(async () => {
    browser = await launch("--host-resolver-rules=MAP plain.test 127.0.0.1");
  });
  after(() => browser?.close());

  /** Opens a page in a new profile, which must not log anything. `loads` counts how often it is loaded. */
  async function visit(url, body, { prepare = async () => {}, isQuiet = true, isFramed = false } = {}) {
    const context = await browser.newContext();
    await prepare(context);
    const problems = [];
    context.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
    context.on("weberror", (error) => problems.push(`page error: ${error.error().message}`));
    const page = await context.newPage();
    const visited = { page, context, loads: 0 };
    page.on("load", () => visited.loads++);
    try {
      await page.goto(url);
      if (!isFramed) await ready(page);
      await body(visited);
      if (isQuiet) assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  }

  async function serving(headers, folder, body) {
    const server = await serve(headers, folder);
    try {
      await body(server);
    } finally {
      await server.close();
    }
  }

  test("a host without headers gets threads after one reload, and every room opens offline", () =>
    serving({}, undefined, (server) =>
      visit(server.url, async (visited) => {
        const { page } = visited;
        await offlineIs(page, "stored");
        assert.equal(await threads(page), await wantedThreads(page));
        await eventually.match(() => card(page), /Every room and model is stored/);
        assert.equal(visited.loads, 2);
        await server.close();
        await page.reload();
        await ready(page);
        assert.equal(await threads(page), await wantedThreads(page));
        await openEveryRoom(page);
        const models = await page.evaluate(async () => (await fetch("models/index.json")).json());
        for (const { name } of models) {
          const file = await page.evaluate(
            async (path) => (await (await fetch(path)).arrayBuffer()).byteLength,
            `models/${name}/model.safetensors`,
          );
          assert.ok(file > 1000);
        }
        assert.equal(visited.loads, 3);
      }),
    ));

  test("a host with the headers is not reloaded, and the name of the page and parameters lead to it too", () =>
    serving(isolation, undefined, (server) =>
      visit(server.url, async (visited) => {
        await offlineIs(visited.page, "stored");
        assert.equal(visited.loads, 1);
        await server.close();
        await visited.page.goto(`${server.url}index.html?a=b#/blocks`);
        await ready(visited.page);
        assert.equal(await threads(visited.page), await wantedThreads(visited.page));
      }),
    ));

  test("a new build is offered, and the page is of the old one until the reader takes it", () => {
    const build = copyOfBuild();
    return serving({}, build.folder, (server) =>
      visit(
        server.url,
        async ({ page }) => {
          await offlineIs(page, "stored");
          const old = await description(page);
          build.describe("the next build");
          await findUpdate(page);
          await offer(page);
          await eventually.equal(() => description(page), old);
          await reloadToUpdate(page);
          await isOfNextBuild(page);
          await eventually.match(() => lastText(page), /^Loading the new version/);
          await offlineIs(page, "stored");
          await server.close();
          await page.reload();
          await ready(page);
          await eventually.equal(() => description(page), "the next build");
          await eventually.equal(() => page.locator(".update-notice").count(), 0);
        },
        { prepare: keepLastText },
      ),
    ).finally(build.remove);
  });

  test("while two tabs are open, the new build waits for one to be closed", () => {
    const build = copyOfBuild();
    return serving({}, build.folder, (server) =>
      visit(server.url, async ({ page, context }) => {
        await offlineIs(page, "stored");
        const other = await context.newPage();
        await other.goto(server.url);
        await ready(other);
        build.describe("the next build");
        await page.reload();
        await offer(other);
        await offer(page);
        await reloadToUpdate(page);
        await page.waitForFunction(() =>
          /Close the playground in the other tab first/.test(document.querySelector(".update-notice").textContent),
        );
        await page.reload();
        await offer(page);
        await eventually.match(() => page.textContent(".update-notice"), /Close the playground in the other tab first/);
        await other.close();
        await reloadToUpdate(page);
        await isOfNextBuild(page);
      }),
    ).finally(build.remove);
  });

  test("a build that is only half on the server is not taken", () => {
    const build = copyOfBuild();
    return serving({}, build.folder, (server) =>
      visit(
        server.url,
        async ({ page }) => {
          await offlineIs(page, "stored");
          const old = await description(page);
          build.describe("the next build");
          build.promise("models/index.json");
          const isRefused = await page.evaluate(async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            const found = new Promise((resolve) => registration.addEventListener("updatefound", () => resolve(registration.installing)));
            await registration.update().catch(() => {});
            const worker = await found;
            while (worker.state === "installing") await new Promise((resolve) => worker.addEventListener("statechange", resolve));
            return worker.state === "redundant";
          });
          assert.ok(isRefused);
          await page.reload();
          await ready(page);
          await eventually.equal(() => description(page), old);
          await eventually.equal(() => page.locator(".update-notice").count(), 0);
        },
        { isQuiet: false }, // the browser reports the refused file
      ),
    ).finally(build.remove);
  });

  test("when the storage is full, the page works online and says so", () =>
    serving({}, undefined, (server) =>
      visit(
        server.url,
        async ({ page }) => {
          await offlineIs(page, "failed");
          assert.equal(await threads(page), await wantedThreads(page));
          await eventually.match(() => card(page), /could not store the page/);
          await openEveryRoom(page);
        },
        { prepare: (context) => limitStorage(context, new URL(server.url).origin) },
      ),
    ));

  test("when the file of the service worker is missing, the page has one thread and says why", () => {
    const build = copyOfBuild();
    build.removeWorker();
    return serving({}, build.folder, (server) =>
      visit(
        server.url,
        async ({ page }) => {
          await eventually.equal(() => threads(page), 1);
          await eventually.match(() => card(page), /the browser refused to start the service worker/);
        },
        { isQuiet: false }, // the browser reports the missing file
      ),
    ).finally(build.remove);
  });

  test("inside another page it is not reloaded, and says how to get threads", () =>
    serving({}, undefined, (server) =>
      embedding(server.url, (url) =>
        visit(
          url,
          async ({ page }) => {
            const [, frame] = page.frames();
            await ready(frame);
            await eventually.equal(() => threads(frame), 1);
            await eventually.match(() => card(frame), /Open it in a tab of its own to use more/);
          },
          { isFramed: true },
        ),
      ),
    ));

  test("without a service worker the page has one thread and says why", () =>
    serving({}, undefined, (server) =>
      visit(
        server.url,
        async (visited) => {
          await eventually.equal(() => threads(visited.page), 1);
          await eventually.match(() => card(visited.page), /Works only online, because this window runs no service workers/);
          assert.equal(visited.loads, 1);
        },
        { prepare: withoutServiceWorker },
      ),
    ));

  test("over http the page has one thread and says why", () =>
    serving({}, undefined, (server) =>
      visit(server.url.replace("127.0.0.1", "plain.test"), async (visited) => {
        await eventually.equal(() => threads(visited.page), 1);
        await eventually.match(() => card(visited.page), /Works only online, because its address begins with http:/);
        assert.equal(visited.loads, 1);
      }),
    ));
});
