import { grads, tensor } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { it } from "vitest";
import { expectClose, randomTensor } from "../tensors.js";
import { use } from "../use.js";
import { type Attend, type AttentionSizes, prepare, type PreparedCase } from "./attention-case.js";
import { attentionGradientOracle } from "./attention-oracle.js";
import { checkOracle, oracleInput } from "./attention-values.js";

/** The largest float32. Its negative is what transformers adds to masked scores. */
const most = 3.4028234663852886e38;

/** Scores up to the largest float32, where PyTorch 2.15 and float64 agree. */
const cases: Readonly<Record<string, () => PreparedCase>> = {
  "rows of the most negative float are means": () => withBias([-most]),
  "the most negative float beside ordinary biases is a mask": () => withBias([-most, 0.5, -most, -most, -1]),
  "biases of 3e38 and -3e38": () => withBias([3e38, -3e38, 3e38, 0, -most]),
  "biases of 3e38 under a causal mask": () => withBias([3e38, 2.5e38, -most, most, most], { mask: masks.causal() }),
  "rows of the most negative float with sinks": () => withBias([-most], { sink: numbers([2], [-most, 0]) }),
  "sinks of the largest float": () => ({ ...prepare(), options: { sink: numbers([2], [most, -most]) } }),
  "a softcap of 3e38": () => withBias([3e38, -most, 1, 2.9e38, 0], { softcap: 3e38 }),
  "biases of 3e38 under a softcap of 2": () => withBias([3e38, -most, 1, 0, -1], { softcap: 2 }),
  "products of 3e38": () => withProducts({ heads: 1 }, 1),
  "products that overflow before they are scaled": () => withProducts({ heads: 1 }, 2 ** -30),
  "products of 3e38 with one query": () => withProducts({ heads: 1, queryLength: 1, keyLength: 5 }, 1),
  "products of one query that overflow before they are scaled, with a sink": () =>
    withProducts({ heads: 1, queryLength: 1, keyLength: 5 }, 2 ** -30, { sink: numbers([1], [3e38]) }),
};

/** Values and gradients equal the float64 oracle for scores up to the largest float32. */
export function testEdges(attend: Attend): void {
  it.each(Object.entries(cases))("equals the oracle at the edge of float32: %s", (_, make) => checkOracle(attend, make()));
  it.each(Object.entries(cases))("has the gradients of the oracle at the edge of float32: %s", (_, make) => checkGradient(attend, make()));
}

async function checkGradient(attend: Attend, prepared: PreparedCase): Promise<void> {
  const { query, key, value, options } = prepared;
  const { bias, sink } = options;
  const upstream = randomTensor([...query.shape.slice(0, 3), value.shape[3]!], 7);
  const given = { query, key, value, ...(bias && { bias }), ...(sink && { sink }) };
  const gradients = use(
    grads((q, k, v, ...rest) => {
      const moved = { ...(bias && { bias: rest[0]! }), ...(sink && { sink: rest.at(-1)! }) };
      return attend(q!, k!, v!, { ...options, ...moved }).output;
    })(Object.values(given), upstream),
  );
  const logSumExp = new Float32Array(upstream.size / value.shape[3]!); // no gradient
  const expected = attentionGradientOracle(await oracleInput(prepared), { output: await upstream.data(), logSumExp });
  const scale = Math.max(1, ...(await query.data()), ...(await key.data())); // rounding errors of scores are multiplied by it
  for (const [index, name] of (Object.keys(given) as (keyof typeof given)[]).entries()) {
    await expectClose(gradients[index]!, { shape: given[name]!.shape, data: expected[name] }, { atol: 2e-5 * scale, rtol: 2e-5 }, name);
  }
}

/** Each row of the bias starts at another of the values. */
function withBias(values: readonly number[], options: PreparedCase["options"] = {}): PreparedCase {
  const prepared = prepare({ sizes: { batch: 1 } });
  const cells = Array.from({ length: 2 * 5 * 5 }, (_, at) => values[(at + Math.floor(at / 5)) % values.length]!);
  return { ...prepared, options: { ...options, bias: numbers([1, 2, 5, 5], cells) } };
}

/** Scores of ±1.9 · 2^127 and less: each query picks a dimension of the keys. */
function withProducts(sizes: AttentionSizes, scale: number, options: PreparedCase["options"] = {}): PreparedCase {
  const prepared = prepare({ sizes: { ...sizes, batch: 1 } });
  const picks = Array.from({ length: prepared.query.size }, (_, at) => (at % 5 === 0 ? 2 ** 64 / scale : 0));
  const factors = Array.from({ length: prepared.key.size }, (_, at) => [1.9, -1.9, 1.25, 0.5, 1.9, 0, -1][at % 7]! * 2 ** 63);
  const [query, key] = [numbers(prepared.query.shape, picks), numbers(prepared.key.shape, factors)];
  return { ...prepared, query, key, options: { ...options, scale } };
}

function numbers(shape: readonly number[], values: readonly number[]) {
  return use(tensor(Float32Array.from(values), [...shape] as [number], "float32"));
}
