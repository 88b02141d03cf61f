import { add, sum, type Tensor, variableGrads } from "@tensorflow/tfjs-core";
import { type Block, StateDictError } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { beforeAll, describe, expect, it } from "vitest";
import { expectFlatResources } from "./flat-resources.js";
import { expectClose, expectNewTensors } from "./tensors.js";

/** A block to hold to the contract, with one input for it. */
export interface BlockCase<Kind extends Omit<Block, "apply">> {
  readonly prepare: () => Promise<void>;
  readonly make: () => Kind;
  readonly input: () => Tensor;
  readonly apply: (block: Kind, input: Tensor) => Tensor;
  /** How many calls must leave resources flat; default 1000. */
  readonly calls?: number;
}

/** What every block must do: see `Block` in `@tfblocks/tensor-utils`. */
export function describeBlock<Kind extends Omit<Block, "apply">>(
  name: string,
  { prepare, make, input, apply, calls = 1000 }: BlockCase<Kind>,
): void {
  const withBlock = (body: (block: Kind, x: Tensor) => void | Promise<void>) => () =>
    expectNewTensors(async () => {
      const [block, x] = [make(), input()];
      await body(block, x);
      block.dispose();
      x.dispose();
    });

  describe(`the block contract of ${name}`, () => {
    beforeAll(prepare);

    it(
      "repeats itself: apply mutates neither its input nor its parameters",
      withBlock(async (block, x) => {
        const outputs = [apply(block, x), apply(block, x)] as const;
        await expectClose(outputs[0], outputs[1], { atol: 0, rtol: 0 });
        for (const each of outputs) each.dispose();
      }),
    );

    it(
      "gives a gradient to every parameter",
      withBlock((block, x) => {
        const parameters = Object.values(block.parameters());
        const { value, grads } = variableGrads(() => sum(apply(block, x)), parameters);
        for (const each of parameters) expect(grads[each.name]?.shape).toEqual(each.shape);
        value.dispose();
        for (const each of Object.values(grads)) each.dispose();
      }),
    );

    it(
      "carries its state to another of its kind",
      withBlock(async (block, x) => {
        const other = make();
        for (const each of Object.values(other.parameters())) disposing(add(each, 0.5), (moved) => each.assign(moved));
        const state = block.stateDict();
        other.loadStateDict(state);
        const [ours, theirs] = [apply(block, x), apply(other, x)];
        await expectClose(theirs, ours, { atol: 0, rtol: 0 });
        for (const each of [ours, theirs, ...Object.values(state)]) each.dispose();
        other.dispose();
      }),
    );

    it(
      "loads all of a state or none of it",
      withBlock(async (block, x) => {
        const before = apply(block, x);
        const [[first, value], ...rest] = Object.entries(block.stateDict()) as [[string, Tensor], ...[string, Tensor][]];
        expect(() => block.loadStateDict({ ...Object.fromEntries(rest), unknown: value })).toThrow(StateDictError);
        expect(() => block.loadStateDict({ ...Object.fromEntries(rest), unknown: value })).toThrow(
          `missing "${first}"; unexpected "unknown"`,
        );
        const after = apply(block, x);
        await expectClose(after, before, { atol: 0, rtol: 0 });
        for (const each of [before, after, value, ...rest.map(([, tensor]) => tensor)]) each.dispose();
      }),
    );

    it("may be disposed twice and then refuses to apply", () => {
      const [block, x] = [make(), input()];
      block.dispose();
      block.dispose();
      expect(() => apply(block, x)).toThrow(/must be a live tensor, got a disposed tensor/);
      x.dispose();
    });

    it(
      `leaves resources flat over ${calls} calls`,
      withBlock((block, x) => expectFlatResources((index) => apply(block, index % 4 === 3 ? (undefined as never) : x).dispose(), calls)),
    );
  });
}

function disposing(tensor: Tensor, use: (tensor: Tensor) => void): void {
  use(tensor);
  tensor.dispose();
}
