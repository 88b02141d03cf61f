import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import * as masks from "./index.js";
import { kernelMask } from "./kernel.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Combines a layer's mask with a new padding, as each batch does, and encodes the result. */
function encodeWithPadding(own: masks.Mask): WeakRef<object>[] {
  const padding = masks.padding({ lengths: [3] });
  const both = masks.and(own, padding);
  return [padding, both, kernelMask(both, { queryLength: 4, keyLength: 4 })].map((each) => new WeakRef(each));
}

it("keeps no padding, combined mask or encoded mask of an earlier batch alive", async () => {
  const own = masks.lastN(2);
  const references = encodeWithPadding(own);
  await new Promise((resolve) => setTimeout(resolve)); // a WeakRef keeps its target alive until the current job ends
  collectGarbage();
  expect(references.map((reference) => reference.deref())).toEqual([undefined, undefined, undefined]);
  expect(own.at(0, 0, 1, 0)).toBe(true);
});
