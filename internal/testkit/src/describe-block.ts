import { add, sum, type Tensor, variableGrads } from "@tensorflow/tfjs-core";
import { type Block, StateDictError } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { beforeAll, describe, expect, it } from "vitest";
import { expectFlatResources } from "./flat-resources.js";
import { expectClose } from "./tensors.js";
import { use } from "./use.js";

/** A block to hold to the contract, with one input for it. */
export interface BlockCase<Kind extends Omit<Block, "apply">> {
  readonly prepare: () => Promise<void>;
  readonly make: () => Kind;
  readonly input: () => Tensor;
  readonly apply: (block: Kind, input: Tensor) => Tensor;
  /** How many calls must leave resources flat; default 1000. */
  readonly calls?: number;
}

const exact = { atol: 0, rtol: 0 };

/** What every block must do: see `Block` in `@tfblocks/tensor-utils`. */
export function describeBlock<Kind extends Omit<Block, "apply">>(name: string, given: BlockCase<Kind>): void {
  describe(`the block contract of ${name}`, () => {
    beforeAll(given.prepare);
    testApply(given);
    testState(given);
    testDisposal(given);
  });
}

function testApply<Kind extends Omit<Block, "apply">>({ make, input, apply }: BlockCase<Kind>): void {
  it("repeats itself: apply mutates neither its input nor its parameters", async () => {
    const [block, x] = use([make(), input()]);
    await expectClose(apply(block, x), apply(block, x), exact);
  });

  it("gives a gradient to every parameter", () => {
    const [block, x] = use([make(), input()]);
    const parameters = Object.values(block.parameters());
    const { grads } = use(variableGrads(() => sum(apply(block, x)), parameters));
    for (const each of parameters) expect(grads[each.name]?.shape).toEqual(each.shape);
  });
}

function testState<Kind extends Omit<Block, "apply">>({ make, input, apply }: BlockCase<Kind>): void {
  it("carries its state to another of its kind", async () => {
    const [block, other, x] = use([make(), make(), input()]);
    for (const each of Object.values(other.parameters())) each.assign(use(add(each, 0.5)));
    other.loadStateDict(use(block.stateDict()));
    await expectClose(apply(other, x), apply(block, x), exact);
  });

  it("loads all of a state or none of it", async () => {
    const [block, x] = use([make(), input()]);
    const before = apply(block, x);
    const [[first, value], ...rest] = Object.entries(use(block.stateDict())) as [[string, Tensor], ...[string, Tensor][]];
    const load = () => block.loadStateDict({ ...Object.fromEntries(rest), unknown: value });
    expect(load).toThrow(StateDictError);
    expect(load).toThrow(`missing "${first}"; unexpected "unknown"`);
    await expectClose(apply(block, x), before, exact);
  });
}

function testDisposal<Kind extends Omit<Block, "apply">>({ make, input, apply, calls = 1000 }: BlockCase<Kind>): void {
  it("may be disposed twice and then refuses to apply", () => {
    const [block, x] = use([make(), input()]);
    block.dispose();
    block.dispose();
    expect(() => apply(block, x)).toThrow(/must be a live tensor, got a disposed tensor/);
  });

  it(`leaves resources flat over ${calls} calls`, () => {
    const [block, x] = use([make(), input()]);
    expectFlatResources((index) => apply(block, index % 4 === 3 ? (undefined as never) : x).dispose(), calls);
  });
}
