import { abs, add, max, mean, memory, min, sub, sum, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { mergeHeads, scaledDotProductAttention } from "@tfblocks/attention";
import { gatedActivation, GatedFeedForward } from "@tfblocks/feed-forward";
import { sinusoidal } from "@tfblocks/positional";
import { scope } from "@tfblocks/tensor-utils";
import { allowedCells } from "../../compute/allowed-cells.js";
import { floats } from "../../compute/floats.js";
import type { BoxName } from "./boxes.js";
import { buildLayer, type BuiltLayer } from "./build-layer.js";
import type { LayerPicture, TracedTensor } from "./picture.js";
import type { LayerSettings } from "./settings.js";

type Traced = Partial<Record<BoxName, Tensor>>;

/** Runs the parts of a layer one after the other and reads every tensor. All tensors are freed. */
export function traceLayer(settings: LayerSettings, tokens: readonly string[]): LayerPicture {
  const started = performance.now();
  const lower = tokens.map((token) => token.toLowerCase());
  const words = [...new Set(lower)];
  const built = buildLayer(settings, words);
  try {
    const ids = lower.map((word) => words.indexOf(word));
    const reading = scope(() => readTrace(run(built, settings, ids), built, settings));
    const parameters = Object.values(built.layer.parameters()).reduce((total, { size }) => total + size, 0);
    built.dispose();
    return { ...reading, tokens, parameters, milliseconds: performance.now() - started, liveTensors: memory().numTensors };
  } finally {
    built.dispose();
  }
}

/** Runs the public parts one after the other. */
function run(built: BuiltLayer, settings: LayerSettings, ids: readonly number[]): Traced {
  const traced = embed(built, settings, ids);
  const x = traced.input!;
  const pre = settings.residual === "pre";
  const first = pre ? built.attentionNorm.apply(x) : x;
  Object.assign(traced, attend(built, first));
  const attentionSum = add(x, traced.output!);
  const second = (pre ? built.feedForwardNorm : built.attentionNorm).apply(attentionSum);
  Object.assign(traced, feed(built, second));
  const feedForwardSum = add(pre ? attentionSum : second, traced.down!);
  const norms = pre
    ? { attentionNorm: first, feedForwardNorm: second }
    : { attentionNorm: second, feedForwardNorm: built.feedForwardNorm.apply(feedForwardSum) };
  return { ...traced, ...norms, attentionSum, feedForwardSum };
}

function embed({ embedding }: BuiltLayer, { width, positions }: LayerSettings, ids: readonly number[]): Traced {
  const rows = embedding.apply(tensor2d([...ids], [1, ids.length], "int32"));
  if (positions !== "sinusoids") return { embedding: rows, input: rows };
  const position = sinusoidal({ length: ids.length, dModel: width });
  return { embedding: rows, position, input: add(rows, position) };
}

function attend({ attention, mask }: BuiltLayer, x: Tensor): Traced {
  const query = attention.projectQuery(x);
  const { key, value } = attention.project(x, x);
  const { output, weights } = scaledDotProductAttention(query, key, value, { mask, needWeights: true });
  const context = mergeHeads(output);
  return {
    query: mergeHeads(query),
    key: mergeHeads(key),
    value: mergeHeads(value),
    weights: weights!,
    context,
    output: attention.output.apply(context),
  };
}

function feed({ feedForward }: BuiltLayer, x: Tensor): Traced {
  const up = feedForward.up.apply(x);
  if (!(feedForward instanceof GatedFeedForward)) {
    const hidden = feedForward.activation(up);
    return { up, hidden, down: feedForward.down.apply(hidden) };
  }
  const gate = feedForward.gate.apply(x);
  const hidden = gatedActivation(gate, up, feedForward.activation);
  return { gate, up, hidden, down: feedForward.down.apply(hidden) };
}

function readTrace(
  traced: Traced,
  { layer, mask }: BuiltLayer,
  { residual }: LayerSettings,
): Pick<LayerPicture, "traced" | "allowed" | "difference" | "rowError"> {
  const whole = layer.apply(traced.input!).output;
  const last = residual === "pre" ? traced.feedForwardSum! : traced.feedForwardNorm!;
  const length = whole.shape[1];
  return {
    traced: Object.fromEntries(Object.entries(traced).map(([name, tensor]) => [name, read(tensor)])),
    allowed: allowedCells(mask, length, length),
    difference: largest(sub(whole, last)),
    rowError: largest(sub(sum(traced.weights!, -1), 1)),
  };
}

function read(tensor: Tensor): TracedTensor {
  return { shape: tensor.shape, values: floats(tensor), min: number(min(tensor)), max: number(max(tensor)), mean: number(mean(tensor)) };
}

function largest(x: Tensor): number {
  return number(max(abs(x)));
}

function number(scalar: Tensor): number {
  return scalar.dataSync()[0]!;
}
