import { memory, mul, type Tensor } from "@tensorflow/tfjs-core";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import type { Block, Parts } from "./block.js";
import { borrowed, overriddenMethods } from "./borrowed.js";
import { Composite } from "./composite.js";
import { Linear } from "./linear.js";
import { Random } from "./random.js";
import { replaceParts } from "./replace-parts.js";
import { scope } from "./scope.js";

const linear = (seed: number) => new Linear({ inFeatures: 3, outFeatures: 3, random: new Random(seed) });

/** second(first(x)); `reversed` applies them the other way round. */
class Pair extends Composite implements Block {
  readonly first: Block;
  readonly second: Block;
  readonly #calls = { count: 0 };

  constructor({ first, second }: { readonly first: Block; readonly second: Block }) {
    super("Pair");
    this.first = first;
    this.second = second;
  }

  get calls(): number {
    return this.#calls.count;
  }

  apply(x: Tensor): Tensor {
    this.#calls.count++;
    return scope(() => this.second.apply(this.first.apply(x)));
  }

  reversed(x: Tensor): Tensor {
    return scope(() => this.first.apply(this.second.apply(x)));
  }

  parts(): Parts {
    return { first: this.first, second: this.second };
  }
}

const pair = () => use(new Pair({ first: linear(1), second: linear(2) }));
const exact = { atol: 0, rtol: 0 };
const times = (factor: number) => (inner: Pair) => ({ apply: (x: Tensor) => scope(() => mul(inner.apply(x), factor) as Tensor) });

beforeAll(() => useBackend("cpu"));

describe("borrowed", () => {
  it("has the class, fields, getters and other methods of the block", async () => {
    const [block, x] = [pair(), randomTensor([2, 3], 1)];
    const view = borrowed(block, times(2));
    expect(view).toBeInstanceOf(Pair);
    expect(view.first).toBe(block.first);
    expect(Object.keys(view.parameters())).toEqual(Object.keys(block.parameters()));
    await expectClose(view.reversed(x), use(block.reversed(x)), exact);
    await expectClose(view.apply(x), use(mul(use(block.apply(x)), 2)), exact);
    expect([view.calls, block.calls]).toEqual([2, 2]);
    expect([overriddenMethods(view), overriddenMethods(block)]).toEqual([["apply"], []]);
    view.dispose();
    expect((block.first as Linear).weight.isDisposed).toBe(false);
  });

  it("in several layers calls each of them, and all again when a part inside is replaced", async () => {
    const [block, x, added] = [pair(), randomTensor([2, 3], 1), linear(7)];
    const outer = new Pair({ first: block, second: block });
    const viewed = replaceParts<Pair, Pair>(outer, "first", (part) => borrowed(borrowed(part, times(2)), times(5)));
    const expected = () => scope(() => mul(block.apply(block.apply(x)), 100) as Tensor); // the same block stands in both places
    await expectClose(viewed.apply(x), use(expected()), { atol: 1e-5, rtol: 1e-5 });
    const replaced = replaceParts(viewed, "first.second", () => added);
    const other = new Pair({ first: block.first, second: added });
    await expectClose(
      replaced.apply(x),
      use(() => mul(other.apply(other.apply(x)), 100)),
      { atol: 1e-5, rtol: 1e-5 },
    );
    expect(overriddenMethods(replaced.first)).toEqual(["apply", "apply"]);
    replaced.dispose();
    expect([added.weight.isDisposed, (block.second as Linear).weight.isDisposed]).toEqual([true, false]);
  });

  it("makes no tensors", () => {
    const block = pair();
    const count = memory().numTensors;
    for (let call = 0; call < 1000; call++) replaceParts<Pair, Pair>(block, ["first", "second"], (part) => borrowed(part)).dispose();
    expect(memory().numTensors).toBe(count);
  });
});
