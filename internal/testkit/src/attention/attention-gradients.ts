import { add, grad, grads, square, sum, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import type { AttentionOptions } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import "@tfblocks/tensor-utils/gradients";
import { expect, it } from "vitest";
import { checkGradients } from "../gradient-check.js";
import { expectClose, randomTensor } from "../tensors.js";
import { use } from "../use.js";
import { type Attend, type AttentionCase, attentionCases, prepare } from "./attention-case.js";

const smallCases = attentionCases.filter(([, { sizes }]) => (sizes?.headDim ?? 0) < 40);

/** Gradients equal finite differences, and are zeros where nothing may be attended to. */
export function testGradients(attend: Attend): void {
  it.each(smallCases)("has the gradients of finite differences: %s", (_, given) => checkCaseGradients(attend, given));

  it("differentiates logSumExp", async () => {
    const { query, key, value, options } = prepare({ bias: true, sink: true, mask: masks.causal() });
    await checkGradients(
      (q, k, bias, sink) => attend(q!, k!, value, { ...options, bias, sink, needLogSumExp: true }).logSumExp!,
      [query, key, options.bias!, options.sink!],
    );
  });

  it("differentiates weights, of each head and averaged, alone and beside the output", async () => {
    const { query, key, value, options } = prepare({ bias: true, sink: true, softcap: 2, mask: masks.causal() });
    const learned = [query, key, options.bias!, options.sink!];
    for (const averageWeights of [false, true]) {
      const results = (q: Tensor, k: Tensor, bias: Tensor, sink: Tensor) =>
        attend(q, k, value, { ...options, bias, sink, needWeights: true, averageWeights });
      await checkGradients((q, k, bias, sink) => results(q!, k!, bias!, sink!).weights!, learned);
      await checkGradients((q, k, bias, sink) => {
        const { output, weights } = results(q!, k!, bias!, sink!);
        return add(sum(output), weights!);
      }, learned);
    }
  });

  it("gives the logSumExp of a sink far above the scores, and of a forbidden row -Infinity and no gradient", () =>
    checkLogSumExpSink(attend));

  it("gives zeros, -Infinity and zero gradients where every key is forbidden", () => checkDeadRows(attend));
}

async function checkCaseGradients(attend: Attend, given: AttentionCase): Promise<void> {
  const { query, key, value, options } = prepare(given);
  const { bias, sink } = options;
  const learned = [query, key, value, ...(bias ? [bias] : []), ...(sink ? [sink] : [])];
  await checkGradients((q, k, v, ...rest) => {
    const moved = { ...(bias && { bias: rest[0] }), ...(sink && { sink: rest.at(-1) }) };
    return attend(q!, k!, v!, { ...options, ...moved }).output;
  }, learned);
}

async function checkDeadRows(attend: Attend): Promise<void> {
  const { query, key, value } = prepare();
  const mask = masks.padding({ lengths: [0, 5] });
  const { output, weights, logSumExp } = use(attend(query, key, value, { mask, needWeights: true, needLogSumExp: true }));
  const loss = (...[q, k, v]: Tensor[]) => sum(square(attend(q!, k!, v!, { mask }).output)) as Tensor;
  const gradients = use(grads(loss)([query, key, value]));
  const firstHalf = async (x: Tensor) => Array.from(await x.data()).slice(0, x.size / 2);
  for (const each of [output, weights!, ...gradients]) expect((await firstHalf(each)).every((number) => number === 0)).toBe(true);
  expect((await firstHalf(logSumExp!)).every((number) => number === -Infinity)).toBe(true);
  for (const each of [output, ...gradients]) expect((await each.data()).every(Number.isFinite)).toBe(true);
}

/** The first batch element may attend to nothing; a row without keys is forbidden too. */
async function checkLogSumExpSink(attend: Attend): Promise<void> {
  const { query, key, value } = prepare();
  const [none, sink, upstream] = [use(zeros([2, 2, 0, 4])), use(tensor([200, 300])), randomTensor([2, 2, 5], 6)];
  const mask = masks.padding({ lengths: [0, 5] });
  const denominators = use(attend(query, key, value, { mask, sink, needLogSumExp: true }));
  const rows = (logit: number) => Array<number>(5).fill(logit);
  expect(Array.from(await denominators.logSumExp!.data())).toEqual([...rows(-Infinity), ...rows(-Infinity), ...rows(200), ...rows(300)]);
  const sinkGradient = (k: Tensor, v: Tensor, options: AttentionOptions) =>
    grad((logits: Tensor) => attend(query, k, v, { ...options, sink: logits, needLogSumExp: true }).logSumExp!)(sink, upstream);
  const [masked, keyless] = [sinkGradient(key, value, { mask }), sinkGradient(none, none, {})];
  const given = Array.from(await upstream.data());
  const total = (head: number) => given.slice(10 + 5 * head, 15 + 5 * head).reduce((so, each) => so + each, 0);
  await expectClose(masked, { shape: [2], data: [total(0), total(1)] });
  await expectClose(keyless, { shape: [2], data: [0, 0] });
}
