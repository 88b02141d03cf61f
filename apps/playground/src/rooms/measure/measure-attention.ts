import { backend, randomNormal, type Tensor4D } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { scaledDotProductAttention } from "@tfblocks/attention";
import { AllocationError } from "@tfblocks/tensor-utils";
import { FusedAttention, hasKernel, withoutKernel } from "@tfblocks/tensor-utils/kernels";
import type { AttentionCost, AttentionPoint } from "./figures.js";
import { longestCall } from "./limits.js";
import { type Heap, peakHeap } from "./peak-heap.js";
import { timeCalls } from "./timing.js";

export const heads = 4;
export const headDim = 64;

/** What may be spent on one length. */
interface Limits {
  /** Milliseconds of the runs of both ways. */
  readonly budget: number;
  /** Milliseconds of one call, beyond which it is not measured. */
  readonly longest: number;
  /** Bytes of one call, beyond which it is not measured. */
  readonly largest: number;
}

const usualLimits: Limits = { budget: 240, longest: longestCall, largest: 400e6 };

/**
 * Measures self-attention over one length with random queries, keys and values `[1, heads, length, headDim]`. What the length before
 * lets expect to be too slow or too large is not measured: cost grows with the square of the length.
 */
export function measureAttention(length: number, before: AttentionPoint | undefined, limits: Limits = usualLimits): AttentionPoint {
  const random = (seed: number): Tensor4D => randomNormal([1, heads, length, headDim], 0, 1, "float32", seed);
  const inputs: Inputs = [random(1), random(2), random(3)];
  try {
    const growth = before === undefined ? 0 : (length / before.length) ** 2;
    const wanted = (["fused", "composed"] as const).filter(
      (name) => isPossible(name) && isAllowed(before?.[name], growth, limits) && fits(paths[name], inputs),
    );
    const costs = costsOf(wanted, inputs, limits.budget);
    const { fused = null, composed = null } = costs;
    return { length, fused, composed, difference: fused && composed && largestDifference(inputs) };
  } finally {
    for (const each of inputs) each.dispose();
  }
}

type PathName = "fused" | "composed";
type Inputs = readonly [query: Tensor4D, key: Tensor4D, value: Tensor4D];
type Path = (inputs: Inputs) => Tensor4D;

const attend: Path = ([query, key, value]) => scaledDotProductAttention(query, key, value).output;
const paths: Readonly<Record<PathName, Path>> = {
  fused: attend,
  composed: (inputs) => withoutKernel(FusedAttention, () => attend(inputs)),
};

const isPossible = (name: PathName): boolean => name === "composed" || hasKernel(FusedAttention);

/** Whether a call will stay within the limits, by the cost at the length before. */
function isAllowed(cost: AttentionCost | null | undefined, growth: number, { longest, largest }: Limits): boolean {
  if (cost === null) return false;
  return cost === undefined || (cost.time.median * growth <= longest && cost.peakBytes * growth <= largest);
}

/** Whether the tensors of a call fit into memory. */
function fits(path: Path, inputs: Inputs): boolean {
  try {
    path(inputs).dispose();
    return true;
  } catch (error) {
    if (error instanceof AllocationError) return false;
    throw error;
  }
}

function costsOf(names: readonly PathName[], inputs: Inputs, budget: number): Partial<Record<PathName, AttentionCost>> {
  const calls = names.map((name) => () => paths[name](inputs).dispose());
  const times = timeCalls(calls, budget);
  const heap = (backend() as BackendWasm).wasm as unknown as Heap;
  return Object.fromEntries(names.map((name, index) => [name, { time: times[index]!, peakBytes: peakHeap(heap, calls[index]!) }]));
}

function largestDifference(inputs: Inputs): number {
  const [fused, composed] = [paths.fused, paths.composed].map((path) => {
    const output = path(inputs);
    const values = output.dataSync<"float32">().slice();
    output.dispose();
    return values;
  }) as [Float32Array, Float32Array];
  return fused.reduce((largest, value, index) => Math.max(largest, Math.abs(value - composed[index]!)), 0);
}
