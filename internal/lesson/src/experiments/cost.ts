import { memory, profile, randomUniform, type Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { type Check, checkAtMost } from "../check.js";
import { lessonAttention, type LessonSettings, withDefaults } from "../lesson-attention.js";
import { median, total } from "../numbers.js";

/** How {@link measureCost} measures. */
export interface CostOptions extends LessonSettings {
  /** Sequence lengths, ascending, at least two; default 32, 64 … 512. */
  readonly lengths?: readonly number[];
  /** Time to spend on each length after a first run; default 250 ms, and at least one run more. */
  readonly millisecondsPerLength?: number;
  /** Told before each length is measured. */
  readonly onLength?: (length: number) => void;
}

/** Sizes at one sequence length. */
export interface CostPoint {
  readonly length: number;
  /** Of the weights of all heads: heads × length × length × 4. */
  readonly weightBytes: number;
  /** Most bytes that the tensors of one call took at a time, measured by tfjs, without the input and the parameters. */
  readonly peakBytes: number;
  /** Multiply-adds of the four projections, 4 n d². */
  readonly projectionMultiplyAdds: number;
  /** Multiply-adds of scores and context, 2 n² d. */
  readonly attentionMultiplyAdds: number;
}

/** Time at one sequence length; not repeatable. */
export interface CostTiming {
  readonly length: number;
  /** Median of the runs. */
  readonly milliseconds: number;
  readonly runs: number;
}

/** What {@link measureCost} gives; timings stand apart, since all else repeats exactly. */
export interface CostExperiment {
  readonly points: readonly CostPoint[];
  /** Slope of log(peakBytes) over log(length), fitted on the longer half of the lengths. */
  readonly memoryExponent: number;
  readonly timings: { readonly points: readonly CostTiming[]; readonly timeExponent: number };
  /** The lengths that both exponents were fitted on. */
  readonly fittedLengths: readonly number[];
  readonly checks: readonly Check[];
}

/** How the time and memory of one self-attention grow with the length of the text. */
export async function measureCost(options: CostOptions = {}): Promise<CostExperiment> {
  const { lengths = [32, 64, 128, 256, 512], millisecondsPerLength = 250, onLength = () => {} } = options;
  const { dModel, seed } = withDefaults(options);
  const attention = lessonAttention(options);
  const [points, timings]: [CostPoint[], CostTiming[]] = [[], []];
  for (const length of lengths) {
    onLength(length);
    const x = randomUniform([1, length, dModel], -1, 1, "float32", seed);
    timings.push(await timeOf(attention, x, millisecondsPerLength));
    points.push(await sizesOf(attention, x));
    x.dispose();
  }
  attention.dispose();
  return fitted(points, timings);
}

function fitted(points: readonly CostPoint[], timings: readonly CostTiming[]): CostExperiment {
  const from = Math.min(Math.floor(points.length / 2), points.length - 2);
  const [large, timed] = [points.slice(from), timings.slice(from)];
  const memoryExponent = slope(large.map(({ length, peakBytes }) => [length, peakBytes]));
  const timeExponent = slope(timed.map(({ length, milliseconds }) => [length, milliseconds]));
  const checks = [checkAtMost("the weights, heads × n × n × 4 bytes, are part of the measured peak, largest share", Math.max(...points.map((point) => point.weightBytes / point.peakBytes)), 1)];
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
  const { dModel, numHeads } = attention.config;
  const length = x.shape[1]!;
  return {
    length,
    weightBytes: 4 * numHeads * length * length,
    peakBytes: await peakBytes(() => attention.apply(x, x, x)),
    projectionMultiplyAdds: 4 * length * dModel * dModel,
    attentionMultiplyAdds: 2 * length * length * dModel,
  };
}

async function peakBytes(call: () => ReturnType<MultiHeadAttention["apply"]>): Promise<number> {
  const before = memory().numBytes;
  const { peakBytes: peak, result } = (await profile(call as never)) as unknown as { peakBytes: number; result: ReturnType<MultiHeadAttention["apply"]> };
  result.output.dispose();
  result.weights!.dispose();
  return peak - before;
}

/** Least squares of log y over log x. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const [centerX, centerY] = [0, 1].map((axis) => total(logs.map((log) => log[axis as 0 | 1])) / logs.length) as [number, number];
  return total(logs.map(([x, y]) => (x - centerX) * (y - centerY))) / total(logs.map(([x]) => (x - centerX) ** 2));
}
