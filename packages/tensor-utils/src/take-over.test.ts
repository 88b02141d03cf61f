import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Parts } from "./block.js";
import { Composite } from "./composite.js";
import { Linear } from "./linear.js";
import { replaceParts } from "./replace-parts.js";
import { takeOver } from "./take-over.js";

const linear = () => new Linear({ inFeatures: 4, outFeatures: 4 });

class Pair extends Composite {
  readonly first: Linear | Pair;
  readonly second: Linear;

  constructor({ first, second }: { readonly first: Linear | Pair; readonly second: Linear }) {
    super("Pair");
    [this.first, this.second] = [first, second];
  }

  apply(x: Tensor): Tensor {
    return this.second.apply(this.first.apply(x));
  }

  parts(): Parts {
    return { first: this.first, second: this.second };
  }
}

describe("takeOver", () => {
  beforeAll(() => useBackend("cpu"));

  it("frees what only the old block has, and the new one owns the rest at every depth", async () => {
    await expectNewTensors(() => {
      const old = new Pair({ first: new Pair({ first: linear(), second: linear() }), second: linear() });
      const replaced = (old.first as Pair).second;
      const kept = [(old.first as Pair).first, old.second] as Linear[];
      const added = linear();
      const block = replaceParts(old, "first.second", () => added);
      takeOver(block, old);
      expect(replaced.weight.isDisposed).toBe(true);
      expect([...kept, added].map(({ weight }) => weight.isDisposed)).toEqual([false, false, false]);
      block.dispose();
      expect([...kept, added].map(({ weight }) => weight.isDisposed)).toEqual([true, true, true]);
    }, 0);
  });
});
