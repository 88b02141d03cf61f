import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { pageScript, pageScriptHash } from "../../generated/page-script.js";

it("the script of the page is what page/ makes", () => {
  const builder = fileURLToPath(new URL("../../../scripts/build-page.mjs", import.meta.url));
  execFileSync(process.execPath, [builder, "--check"], { stdio: "pipe" });
});

it("the policy of the page allows exactly this script", () => {
  expect(pageScriptHash).toBe(`sha256-${createHash("sha256").update(pageScript).digest("base64")}`);
  expect(pageScript).not.toMatch(/<\/script|<!--|innerHTML|insertAdjacentHTML|document\.write|\beval\b/i);
});
