import { browserName } from "./browsers.mjs";
import { describeRoom } from "./on-page.mjs";
import { eventually } from "./eventually.mjs";

/** What the page could use and a browser does not have. docs/hosting.md tells it too. */
const missing = {
  chromium: [],
  firefox: [],
  webkit: ["Relaxed SIMD", "Threads"],
}[browserName];

describeRoom("the abilities of the browser", { hash: "#/measure", picture: "#machine" }, (onPage) => {
  onPage(missing.length === 0 ? "it has all of them" : `it lacks: ${missing.join(", ")}`, {}, async (page) => {
    await eventually.deepEqual(() => page.locator(".machine-facts > [data-good=false] dt").allTextContents(), missing);
  });
});
