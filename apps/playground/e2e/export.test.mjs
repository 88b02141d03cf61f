import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { isFull } from "./full.mjs";
import { exportSite } from "../../../scripts/lib/export-site.mjs";
import { launch, openPage } from "./open-page.mjs";
import { dist, isolation, serve } from "./serve.mjs";

describe("an export of the site", { skip: !isFull }, () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tfblocks-export-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is a whole site, also in a folder that does not exist yet", async () => {
    const site = join(folder, "a/b");
    const count = exportSite(dist, site);
    assert.ok(count > 50);
    const server = await serve(isolation, site);
    const browser = await launch();
    const { problems } = await openPage(browser, server.url, { hash: "#/blocks", picture: ".panel svg" });
    await browser.close();
    await server.close();
    assert.deepEqual(problems, []);
  });

  test("replaces the files of an earlier export and leaves others alone", () => {
    const site = join(folder, "first-build");
    exportSite(dist, site);
    writeFileSync(join(site, "old-chunk.js"), "");
    exportSite(site, join(folder, "site"));
    writeFileSync(join(folder, "site/CNAME"), "example.org");
    exportSite(dist, join(folder, "site"));
    assert.equal(existsSync(join(folder, "site/old-chunk.js")), false);
    assert.equal(readFileSync(join(folder, "site/CNAME"), "utf8"), "example.org");
    assert.deepEqual(readFileSync(join(folder, "site/index.html")), readFileSync(join(dist, "index.html")));
  });

  test("is not written over something else", () => {
    writeFileSync(join(folder, "thesis.txt"), "mine");
    assert.throws(() => exportSite(dist, folder), /is not empty and is not an earlier export; empty it/);
    writeFileSync(join(folder, "exported-files.json"), '"not a list"');
    assert.throws(() => exportSite(dist, folder), /is not an earlier export/);
    assert.throws(() => exportSite(dist, join(folder, "thesis.txt")), /is a file; give --export the name of a folder/);
    assert.equal(existsSync(join(folder, "index.html")), false);
  });

  test("removes nothing outside its folder", () => {
    const site = join(folder, "site");
    exportSite(dist, site);
    writeFileSync(join(folder, "thesis.txt"), "mine");
    writeFileSync(join(site, "exported-files.json"), '["../thesis.txt"]');
    exportSite(dist, site);
    assert.equal(readFileSync(join(folder, "thesis.txt"), "utf8"), "mine");
  });
});
