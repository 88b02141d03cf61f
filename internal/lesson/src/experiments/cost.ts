import { memory, profile, randomUniform, type Tensor, type Tensor3D, type TensorContainer } from "@tensorflow/tfjs-core";
import type { AttentionResult, MultiHeadAttention } from "@tfblocks/attention";
import { checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { type Check, checkEqual } from "../check.js";
import { lessonAttention, type LessonSettings, resolveSettings } from "../lesson-attention.js";
import { median, total } from "../numbers.js";

/** Options of {@link measureCost}. */
export interface CostOptions extends LessonSettings {
  /** Sequence lengths, ascending, at least two; default 32, 64 … 512. */
  readonly lengths?: readonly number[];
  /** Time to measure each length, after a first run; default 250 ms. Each length is measured at least once. */
  readonly millisecondsPerLength?: number;
  /** Called before each length is measured. */
  readonly onLength?: (length: number) => void;
}

const optionNames: OptionNames<CostOptions> = {
  dModel: true,
  numHeads: true,
  seed: true,
  lengths: true,
  millisecondsPerLength: true,
  onLength: true,
};

/** Memory and operations at one sequence length. */
export interface CostPoint {
  readonly length: number;
  /** Bytes of the weights that one call returns, `[1, heads, length, length]` in float32. */
  readonly weightBytes: number;
  /** Peak memory of one call in bytes, measured by tfjs, without input and parameters. */
  readonly peakBytes: number;
  /** Multiply-adds of the four projections, 4 n d². */
  readonly projectionMultiplyAdds: number;
  /** Multiply-adds of scores and context, 2 n² d. */
  readonly attentionMultiplyAdds: number;
}

/** Time at one sequence length, which varies between runs. */
export interface CostTiming {
  readonly length: number;
  /** Median of the runs. */
  readonly milliseconds: number;
  readonly runs: number;
}

/** The result of {@link measureCost}. Timings are a separate field, because all other fields are reproducible. */
export interface CostExperiment {
  readonly points: readonly CostPoint[];
  /** Slope of log(peakBytes) over log(length), fitted to the larger half of the lengths. */
  readonly memoryExponent: number;
  readonly timings: { readonly points: readonly CostTiming[]; readonly timeExponent: number };
  /** The lengths that both exponents were fitted to. */
  readonly fittedLengths: readonly number[];
  readonly checks: readonly Check[];
}

/** How the time and memory of one self-attention grow with the length of the text. */
export async function measureCost(options: CostOptions = {}): Promise<CostExperiment> {
  const {
    lengths = [32, 64, 128, 256, 512],
    millisecondsPerLength = 250,
    onLength = () => {},
    ...settings
  } = checkOptions("measureCost", options, optionNames);
  const { dModel, numHeads, seed } = resolveSettings("measureCost", settings);
  const attention = lessonAttention({ dModel, numHeads, seed });
  const [points, timings]: [CostPoint[], CostTiming[]] = [[], []];
  for (const length of lengths) {
    onLength(length);
    const x = randomUniform([1, length, dModel], -1, 1, "float32", seed);
    timings.push(await timeOf(attention, x, millisecondsPerLength));
    points.push(await sizesOf(attention, x));
    x.dispose();
  }
  attention.dispose();
  return fitted(points, timings, attention.numHeads);
}

function fitted(points: readonly CostPoint[], timings: readonly CostTiming[], numHeads: number): CostExperiment {
  const from = Math.min(Math.floor(points.length / 2), points.length - 2);
  const [large, timed] = [points.slice(from), timings.slice(from)];
  const memoryExponent = slope(large.map(({ length, peakBytes }) => [length, peakBytes]));
  const timeExponent = slope(timed.map(({ length, milliseconds }) => [length, milliseconds]));
  const longest = points.at(-1)!;
  const checks = [
    checkEqual(`bytes of the weights at n = ${longest.length}, heads × n × n × 4`, longest.weightBytes, 4 * numHeads * longest.length ** 2),
  ];
  return { points, memoryExponent, timings: { points: timings, timeExponent }, fittedLengths: large.map(({ length }) => length), checks };
}

async function timeOf(attention: MultiHeadAttention, x: Tensor, budget: number): Promise<CostTiming> {
  await runOnce(attention, x); // the first run of a shape also allocates
  const times: number[] = [];
  while (times.length === 0 || (total(times) < budget && times.length < 50)) times.push(await runOnce(attention, x));
  return { length: x.shape[1]!, milliseconds: median(times), runs: times.length };
}

async function runOnce(attention: MultiHeadAttention, x: Tensor): Promise<number> {
  const start = performance.now();
  const { output, weights } = attention.apply(x, x, x);
  await output.data();
  const elapsed = performance.now() - start;
  output.dispose();
  weights!.dispose();
  return elapsed;
}

async function sizesOf(attention: MultiHeadAttention, x: Tensor): Promise<CostPoint> {
  const [, length, dModel] = x.shape as [number, number, number];
  const multiplyAdds = { projectionMultiplyAdds: 4 * length * dModel * dModel, attentionMultiplyAdds: 2 * length * length * dModel };
  return { length, ...(await bytesOf(() => attention.apply(x, x, x))), ...multiplyAdds };
}

async function bytesOf(call: () => AttentionResult<Tensor3D>): Promise<Pick<CostPoint, "weightBytes" | "peakBytes">> {
  const before = memory().numBytes;
  // tfjs types the result as a container of tensors, but returns it unchanged.
  const profiled = await profile(call as unknown as () => TensorContainer);
  const { output, weights } = profiled.result as unknown as AttentionResult<Tensor3D>;
  const weightBytes = 4 * weights!.size;
  output.dispose();
  weights!.dispose();
  return { weightBytes, peakBytes: profiled.peakBytes - before };
}

/** The slope of log y over log x, by least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const [centerX, centerY] = [0, 1].map((axis) => total(logs.map((log) => log[axis as 0 | 1])) / logs.length) as [number, number];
  return total(logs.map(([x, y]) => (x - centerX) * (y - centerY))) / total(logs.map(([x]) => (x - centerX) ** 2));
}
