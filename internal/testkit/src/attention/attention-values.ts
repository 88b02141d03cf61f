import { sum, tensor } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { dropoutFactors } from "@tfblocks/tensor-utils";
import { expect, it } from "vitest";
import { attentionOracle, type OracleInput } from "./attention-oracle.js";
import { expectClose, randomTensor } from "../tensors.js";
import { use } from "../use.js";
import { type Attend, attentionCases, prepare, type PreparedCase } from "./attention-case.js";

/** Output, weights and logSumExp equal the float64 oracle. */
export function testValues(attend: Attend): void {
  it.each(attentionCases)("equals the oracle: %s", (_, given) => checkOracle(attend, prepare(given)));

  it("gives a key whose bias is -Infinity no weight, and -softcap beneath a softcap", () => checkInfiniteBias(attend));

  it("does not overflow with scores of 1e4", async () => {
    const { query, value } = prepare();
    const large = randomTensor(query.shape, 1, 100);
    const { output, weights } = use(attend(large, large, value, { needWeights: true }));
    expect((await output.data()).every(Number.isFinite)).toBe(true);
    for (const each of await use(sum(weights!, -1)).data()) expect(each).toBeCloseTo(1, 5);
  });

  it("gives the same output with and without weights, taps and logSumExp", async () => {
    const { query, key, value, options } = prepare({ mask: masks.causal(), bias: true, softcap: 3, sink: true });
    const plain = use(attend(query, key, value, options));
    const full = use(
      attend(query, key, value, {
        ...options,
        needWeights: true,
        needLogSumExp: true,
        taps: { stages: ["raw", "scaled", "biased", "capped", "masked", "probabilities"] },
      }),
    );
    await expectClose(full.output, plain.output, { atol: 1e-6, rtol: 1e-6 });
  });
}

/** Output, weights and logSumExp of a call equal the float64 oracle. */
export async function checkOracle(attend: Attend, prepared: PreparedCase): Promise<void> {
  const { query, key, value, options } = prepared;
  const { batch, heads, queryLength, keyLength, valueDim } = prepared.sizes;
  const { output, weights, logSumExp } = use(attend(query, key, value, { ...options, needWeights: true, needLogSumExp: true }));
  const expected = attentionOracle(await oracleInput(prepared));
  await expectClose(output, { shape: [batch, heads, queryLength, valueDim], data: expected.output }, undefined, "output");
  await expectClose(weights!, { shape: [batch, heads, queryLength, keyLength], data: expected.weights }, undefined, "weights");
  await expectClose(logSumExp!, { shape: [batch, heads, queryLength], data: expected.logSumExp }, undefined, "logSumExp");
}

/** The numbers of a call, for the oracle. */
export async function oracleInput({ sizes, query, key, value, options }: PreparedCase): Promise<OracleInput> {
  const { batch, heads, queryLength, keyLength } = sizes;
  const mask = options.mask as masks.Mask | undefined;
  const bias = await options.bias?.data();
  const sink = await options.sink?.data();
  const factors =
    options.training && use(dropoutFactors([batch, heads, queryLength, keyLength], { rate: options.dropout!, seed: options.seed! }));
  return {
    ...sizes,
    query: await query.data(),
    key: await key.data(),
    value: await value.data(),
    ...(mask && { allowed: (b, h, q, k) => mask.at(b, h, q, k) }),
    ...(bias && { bias: (_, h, q, k) => bias[(h * queryLength + q) * keyLength + k]! }),
    ...(sink && { sink }),
    ...(factors && { dropoutFactors: await factors.data() }),
    ...(options.scale !== undefined && { scale: options.scale }),
    ...(options.softcap !== undefined && { softcap: options.softcap }),
  };
}

/** With a scale of 0 the scores are the biases. */
async function checkInfiniteBias(attend: Attend): Promise<void> {
  const [query, key] = [randomTensor([1, 1, 1, 3], 2), randomTensor([1, 1, 2, 3], 1)];
  const [value, bias] = use([tensor([1, 0], [1, 1, 2, 1]), tensor([[0, -Infinity]])]);
  const plain = attend(query, key, value, { bias, scale: 0 }).output;
  const capped = attend(query, key, value, { bias, scale: 0, softcap: 2 }).output;
  await expectClose(plain, { shape: [1, 1, 1, 1], data: [1] });
  await expectClose(capped, { shape: [1, 1, 1, 1], data: [1 / (1 + Math.exp(-2))] });
}
