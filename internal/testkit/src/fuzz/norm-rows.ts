import { add, mean, mul, reshape, rsqrt, softmax, square, sub, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { LayerNorm, LayerNormGrad, RMSNorm, RMSNormGrad, SoftmaxGrad } from "@tfblocks/tensor-utils/kernels";
import { gradientsOf } from "./activation-rows.js";
import type { FuzzCase, FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import { runOn } from "./run-on.js";

const tolerance = { atol: 1e-4, rtol: 1e-4 };

/** One that keeps the variance of a row away from 0, where rounding decides. */
const eps = 1e-2;

interface Norm {
  readonly y: Tensor;
  readonly statistics: Tensor[];
}

type Parts = Readonly<Partial<Record<"weight" | "bias", Tensor>>>;

function outer(x: Tensor, statistic: Tensor): Tensor {
  return reshape(statistic, x.shape.slice(0, -1));
}

function layerNorm(x: Tensor, { weight, bias }: Parts): Norm {
  const average = mean(x, -1, true);
  const centred = sub(x, average);
  const scale = rsqrt(add(mean(square(centred), -1, true), eps));
  const normal = mul(centred, scale);
  const weighted = weight === undefined ? normal : mul(normal, weight);
  return { y: bias === undefined ? weighted : add(weighted, bias), statistics: [outer(x, average), outer(x, scale)] };
}

function rmsNorm(x: Tensor, { weight }: Parts, weightOffset: number): Norm {
  const scale = rsqrt(add(mean(square(x), -1, true), eps));
  const normal = mul(x, scale);
  return { y: weight === undefined ? normal : mul(normal, add(weight, weightOffset)), statistics: [outer(x, scale)] };
}

/** y alone in float64, for numbers whose squares overflow float32. */
function inFloat64(x: Tensor, { weight, bias }: Parts, weightOffset: number, centred: boolean): Tensor {
  const columns = x.shape.at(-1)!;
  const [numbers, weights, biases] = [x.dataSync(), weight?.dataSync(), bias?.dataSync()];
  const y = Float32Array.from(numbers);
  for (let start = 0; start < y.length; start += columns) {
    const row = Array.from(numbers.subarray(start, start + columns));
    const average = centred ? row.reduce((total, each) => total + each, 0) / columns : 0;
    const variance = row.reduce((total, each) => total + (each - average) ** 2, 0) / columns;
    row.forEach((each, at) => {
      const normal = (each - average) / Math.sqrt(variance + eps);
      y[start + at] = normal * (weights === undefined ? 1 : weights[at]! + weightOffset) + (biases?.[at] ?? 0);
    });
  }
  return tensor(y, x.shape as [number]);
}

/** Forward: y and its statistics. Backward: the gradients, by a kernel that takes the statistics of the forward one. */
function normCase(source: FuzzSource, kernelName: string, gradientName: string | undefined): FuzzCase {
  const isLayerNorm = kernelName === LayerNorm;
  const shape = source.shape(1, 4).map((length) => Math.max(1, length));
  const [hasWeight, hasBias] = [source.chance(0.7), isLayerNorm && source.chance(0.7)];
  const atEdge = gradientName === undefined && source.chance(0.3);
  const weightOffset = source.pick([0, 1] as const);
  const row = () => source.tensor(shape.slice(-1), "float32", "ordinary");
  const attrs = { hasWeight, eps, ...(isLayerNorm ? { hasBias } : { weightOffset }) };
  const order = ["x", ...(hasWeight ? ["weight"] : []), ...(hasBias ? ["bias"] : [])];
  const apply = (x: Tensor, parts: Parts) => (isLayerNorm ? layerNorm(x, parts) : rmsNorm(x, parts, weightOffset));
  const ordered = (tensors: Readonly<Record<string, Tensor>>) => order.map((name) => tensors[name]!);
  const named = (tensors: readonly Tensor[]) => Object.fromEntries(tensors.map((each, at) => [order[at]!, each]));
  return {
    inputs: {
      x: source.tensor(shape, "float32", atEdge ? "edge" : "ordinary"),
      ...(hasWeight && { weight: row() }),
      ...(hasBias && { bias: row() }),
      ...(gradientName !== undefined && { dy: source.tensor(shape, "float32", "ordinary") }),
    },
    call: `${gradientName ?? kernelName} with ${JSON.stringify(attrs)}`,
    run(tensors) {
      const forward = runOn(kernelName, ordered(tensors), attrs) as Tensor[];
      if (gradientName === undefined) return atEdge ? forward[0]! : forward;
      const saved = [tensors["dy"]!, ...ordered(tensors).slice(0, hasWeight ? 2 : 1), ...forward.slice(1)];
      return runOn(gradientName, saved, attrs);
    },
    oracle(tensors) {
      if (gradientName !== undefined) return gradientsOf((...at) => apply(at[0]!, named(at)).y, ordered(tensors), tensors["dy"]!);
      if (atEdge) return inFloat64(tensors["x"]!, tensors, isLayerNorm ? 0 : weightOffset, isLayerNorm);
      const { y, statistics } = apply(tensors["x"]!, tensors);
      return [y, ...statistics];
    },
    tolerance,
  };
}

/** Norms of rows, and their gradients. */
export const normRows: readonly FuzzRow[] = [
  { kernelName: LayerNorm, make: (source) => normCase(source, LayerNorm, undefined) },
  { kernelName: LayerNormGrad, make: (source) => normCase(source, LayerNorm, LayerNormGrad) },
  { kernelName: RMSNorm, make: (source) => normCase(source, RMSNorm, undefined) },
  { kernelName: RMSNormGrad, make: (source) => normCase(source, RMSNorm, RMSNormGrad) },
  {
    kernelName: SoftmaxGrad,
    make(source) {
      const shape = source.shape();
      return {
        inputs: { x: source.tensor(shape, "float32", "ordinary"), dy: source.tensor(shape, "float32", "ordinary") },
        call: "SoftmaxGrad(softmax(x), dy)",
        run: ({ x, dy }) => runOn(SoftmaxGrad, { y: softmax(x!), dy: dy! }),
        oracle: ({ x, dy }) => gradientsOf((at) => softmax(at!), [x!], dy!),
        tolerance,
      };
    },
  },
];
