import {
  add,
  cast,
  concat,
  cos,
  div,
  equal,
  expandDims,
  logSumExp,
  mul,
  neg,
  oneHot,
  reshape,
  sin,
  slice,
  softmax,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  unstack,
} from "@tensorflow/tfjs-core";
import {
  AdamWUpdate,
  type AdamWUpdateAttrs,
  CrossEntropy,
  type CrossEntropyAttrs,
  CrossEntropyGrad,
  RotaryEmbedding,
} from "@tfblocks/tensor-utils/kernels";
import type { FuzzCase, FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import { runOn } from "./run-on.js";

const tolerance = { atol: 2e-5, rtol: 5e-5 };

/** Turns pairs of x `[batch, heads, length, headDim]` by cos and sin `[batch|1, length, pairs]`. */
function rotate(x: Tensor, [cosines, sines]: readonly [Tensor, Tensor], pairing: "half" | "interleaved", sign: number): Tensor {
  const pairs = cosines.shape[2]!;
  const outside = x.shape.slice(0, -1);
  const part = (from: number, size: number) => slice(x, [0, 0, 0, from], [-1, -1, -1, size]);
  const interleaved = () => unstack(reshape(part(0, 2 * pairs), [...outside, pairs, 2]), -1);
  const [first, second] = (pairing === "half" ? [part(0, pairs), part(pairs, pairs)] : interleaved()) as [Tensor, Tensor];
  const [c, s] = [expandDims(cosines, 1), mul(expandDims(sines, 1), sign)];
  const turned = [sub(mul(first, c), mul(second, s)), add(mul(second, c), mul(first, s))] as [Tensor, Tensor];
  const rotated = pairing === "half" ? concat(turned, -1) : reshape(stack(turned, -1), [...outside, 2 * pairs]);
  return concat([rotated, part(2 * pairs, x.shape[3]! - 2 * pairs)], -1);
}

function rotaryCase(source: FuzzSource): FuzzCase {
  const [batch, heads, length, pairs] = [source.integer(1, 3), source.integer(1, 3), source.integer(1, 20), source.integer(1, 17)];
  const [pairing, inverse] = [source.pick(["half", "interleaved"] as const), source.chance(0.3)];
  const headDim = 2 * pairs + source.integer(0, 3);
  return {
    inputs: {
      x: source.tensor([batch, heads, length, headDim], "float32", "ordinary"),
      angles: source.tensor([source.pick([1, batch]), length, pairs], "float32", "ordinary"),
    },
    call: `RotaryEmbedding(x, cos(angles), sin(angles)) with "${pairing}", ${inverse}`,
    run: ({ x, angles }) => {
      const table = (of: (angle: number) => number) => tensor(Float32Array.from(angles!.dataSync(), of), angles!.shape);
      return runOn(RotaryEmbedding, { x: x!, cos: table(Math.cos), sin: table(Math.sin) }, { pairing, inverse });
    },
    oracle: ({ x, angles }) => rotate(x!, [cos(angles!), sin(angles!)], pairing, inverse ? -1 : 1),
    tolerance,
  };
}

interface Labelled {
  readonly logits: Tensor;
  readonly labels: Tensor;
}

function targetsOf({ logits, labels }: Labelled, labelSmoothing: number): Tensor {
  const classes = logits.shape[1]!;
  return add(mul(cast(oneHot(cast(labels, "int32"), classes), "float32"), 1 - labelSmoothing), labelSmoothing / classes);
}

function keptRows({ labels }: Labelled, ignoreIndex: number): Tensor {
  return sub(1, cast(equal(labels, ignoreIndex), "float32"));
}

/** Loss and logSumExp in float64, for logits up to the largest float32. */
function crossEntropyInFloat64({ logits, labels }: Labelled, attrs: CrossEntropyAttrs): Tensor[] {
  const [classes, numbers] = [logits.shape[1]!, logits.dataSync()];
  const rows = Array.from(labels.dataSync(), (label, at) => {
    const row = Array.from(numbers.subarray(at * classes, (at + 1) * classes));
    const largest = Math.max(...row);
    const excess = Math.log(row.reduce((total, each) => total + Math.exp(each - largest), 0));
    const average = row.reduce((total, each) => total + (each - largest) / classes, 0);
    const smoothing = attrs.labelSmoothing;
    const loss = excess - (1 - smoothing) * (row[label] === undefined ? 0 : row[label] - largest) - smoothing * average;
    return [label === attrs.ignoreIndex ? 0 : loss, largest + excess] as const;
  });
  return [tensor1d(rows.map(([loss]) => loss)), tensor1d(rows.map(([, total]) => total))];
}

/** Some rows are ignored; their label is a class where `ignoreIndex` is 0, and none where it is -100. */
function crossEntropyCase(source: FuzzSource, backward: boolean): FuzzCase {
  const [rows, classes] = [source.length(), Math.max(2, source.length())]; // oneHot needs two
  const attrs = { ignoreIndex: source.pick([-100, 0]), labelSmoothing: source.pick([0, 0.1, 1]) };
  const labels = source.indices([rows], classes);
  const ignored = labels.values.map((label) => (source.chance(0.2) ? attrs.ignoreIndex : label));
  const row = () => source.tensor([rows], "float32", "ordinary");
  const atEdge = !backward && source.chance(0.3);
  const given = (tensors: Readonly<Record<string, Tensor>>) => ({ logits: tensors["logits"]!, labels: tensors["labels"]! });
  return {
    inputs: {
      logits: source.tensor([rows, classes], "float32", atEdge ? "edge" : "ordinary"),
      labels: { ...labels, values: ignored },
      ...(backward && { dloss: row(), dlogSumExp: row() }),
    },
    call: `${backward ? CrossEntropyGrad : CrossEntropy} with ${JSON.stringify(attrs)}`,
    run(tensors) {
      const forward = runOn(CrossEntropy, given(tensors), attrs) as Tensor[];
      return backward ? runOn(CrossEntropyGrad, { ...tensors, logSumExp: forward[1]! }, attrs) : forward;
    },
    oracle(tensors) {
      if (atEdge) return crossEntropyInFloat64(given(tensors), attrs);
      const targets = targetsOf(given(tensors), attrs.labelSmoothing);
      const kept = keptRows(given(tensors), attrs.ignoreIndex);
      const total = logSumExp(tensors["logits"]!, 1);
      if (!backward) return [mul(kept, sum(mul(targets, sub(expandDims(total, 1), tensors["logits"]!)), 1)), total];
      const upstream = expandDims(mul(kept, tensors["dloss"]!), 1);
      const weights = softmax(tensors["logits"]!);
      return sub(mul(add(upstream, expandDims(tensors["dlogSumExp"]!, 1)), weights), mul(upstream, targets));
    },
    tolerance,
  };
}

function adamWCase(source: FuzzSource): FuzzCase {
  const shape = source.shape(0);
  const attrs: AdamWUpdateAttrs = { learningRate: 1e-2, beta1: 0.9, beta2: 0.99, eps: 1e-6, weightDecay: 0.1, step: source.integer(1, 9) };
  const state = () => source.tensor(shape, "float32", "ordinary");
  const v = state();
  return {
    inputs: { parameter: state(), gradient: state(), m: state(), v: { ...v, values: v.values.map((each) => Math.abs(each)) } },
    call: `AdamWUpdate with ${JSON.stringify(attrs)}`,
    run: (tensors) => runOn(AdamWUpdate, tensors, attrs),
    oracle: (tensors) => adamW(tensors, attrs),
    tolerance,
  };
}

function adamW(tensors: Readonly<Record<string, Tensor>>, attrs: AdamWUpdateAttrs): Tensor[] {
  const { learningRate, beta1, beta2, eps, weightDecay, step } = attrs;
  const g = tensors["gradient"]!;
  const m = add(mul(tensors["m"]!, beta1), mul(g, 1 - beta1));
  const v = add(mul(tensors["v"]!, beta2), mul(square(g), 1 - beta2));
  const move = div(div(m, 1 - beta1 ** step), add(sqrt(div(v, 1 - beta2 ** step)), eps));
  return [
    add(mul(tensors["parameter"]!, 1 - learningRate * weightDecay), neg(mul(move, learningRate))) as Tensor,
    m as Tensor,
    v as Tensor,
  ];
}

/** Rotary embedding, cross-entropy and the optimiser's step. */
export const trainingRows: readonly FuzzRow[] = [
  { kernelName: RotaryEmbedding, make: rotaryCase },
  { kernelName: CrossEntropy, make: (source) => crossEntropyCase(source, false) },
  { kernelName: CrossEntropyGrad, make: (source) => crossEntropyCase(source, true) },
  { kernelName: AdamWUpdate, make: adamWCase },
];
