import { expect, test } from "vitest";
import { type BackendStatus, explainThreads } from "./backend-status.js";

const status: BackendStatus = { backend: "wasm", simd: true, threads: 2, cores: 4, isolated: true, fellBack: false };

test("says why there are threads", () => {
  expect(explainThreads(status)).toMatch(/^2 threads: .* isolated/);
});

test.each([
  [{ isolated: false, threads: 1 }, /COOP and COEP/],
  [{ threads: 1, cores: 2 }, /reports 2\.$/],
  [{ threads: 1, fellBack: true }, /did not answer/],
])("says why there is one thread: %o", (change, sentence) => {
  const explained = explainThreads({ ...status, ...change });
  expect(explained).toMatch(/^One thread/);
  expect(explained).toMatch(sentence);
});
