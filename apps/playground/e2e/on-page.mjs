import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mainFirst } from "./full.mjs";
import { launch, openPage } from "./open-page.mjs";
import { isolation, serve } from "./serve.mjs";

/**
 * Tests of a room, each on a new page, which must not log anything. `declare` receives the function that declares a
 * test; its options are merged into `roomOptions`, see {@link openPage}. The first test is the main path: without `--full` only it runs,
 * and those whose options have `main`. `headers` are those of the server.
 */
export function describeRoom(name, roomOptions, declare, headers = isolation) {
  describe(name, () => {
    let server;
    let browser;
    before(async () => {
      server = await serve(headers);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });
    const onPage = mainFirst((title, { skip, ...options }, body) =>
      test(title, { skip }, async () => {
        const { page, problems, close } = await openPage(browser, server.url, { ...roomOptions, ...options });
        try {
          await body(page);
          assert.deepEqual(problems, []);
        } finally {
          await close();
        }
      }),
    );
    declare(onPage);
  });
}
