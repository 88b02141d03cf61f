import "@tfblocks/tensor-utils/gradients";
import { grads, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { MultiHeadAttention } from "@tfblocks/attention";
import { type Block, linear, Linear, own, refuse, ValueError } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import type { ComponentKind, ComponentLabel, Split, Term } from "./attribution-terms.js";
import { frozenNorm } from "./frozen-norm.js";
import { type AddedPart, type FrozenStep, layerSteps } from "./frozen-steps.js";
import { embeddingsOf, inputPartOf, type RecordedStream, stackOf, total } from "./recorded-stream.js";
import type { StreamModel, StreamOptions } from "./stream-options.js";

/** What is decomposed. */
export interface Decomposed {
  readonly operation: string;
  readonly model: StreamModel;
  readonly ids: Tensor;
  readonly options: StreamOptions;
  readonly at: readonly number[];
  readonly run: RecordedStream;
  /** How many neurons make a component; undefined leaves feed-forward networks whole. */
  readonly neuronGroup: number | undefined;
}

/**
 * Splits `<x, direction>` of the stream x after the last layer, from the last layer to the embeddings: each step is affine once its norms
 * are frozen, so the direction passes through its adjoint.
 *
 * @returns in the order of computation
 */
export function decomposeStream(subject: Decomposed, direction: Tensor): Split[] {
  const { operation, model, run } = subject;
  const { stack, prefix } = stackOf(model);
  const splits: Split[] = [];
  let below = direction;
  for (const [layer, block] of [...stack.layers.entries()].toReversed()) {
    const name = `${prefix}layers.${layer}`;
    const steps = layerSteps(operation, name, block, run.stream(layer), run.stream(layer + 1), run.value);
    for (const step of steps.toReversed()) {
      const { split, ofInput, ofAdded } = splitStep(step, below, labelOf("normBias", step.part, layer));
      splits.push(split);
      for (const [index, part] of [...step.added.entries()].toReversed()) {
        splits.push(splitSublayer(subject, part, layer, ofAdded[index]!));
      }
      below = ofInput;
    }
  }
  return [...splits, splitEmbedding(subject, below)].toReversed();
}

/** A step as a sum of its inputs and of what it adds itself, with the directions of the inputs. */
export function splitStep(
  { part, x, added, map, output }: FrozenStep,
  direction: Tensor,
  label: ComponentLabel,
): { readonly split: Split; readonly ofInput: Tensor; readonly ofAdded: readonly Tensor[] } {
  const inputs = [x, ...added.map((each) => each.output)];
  const { directions, constant } = pullBack(map, inputs, direction);
  const terms: Term[] = inputs.map((value, index) => ({ value, direction: directions[index]!, labels: [] }));
  const [ofInput, ...ofAdded] = directions as [Tensor, ...Tensor[]];
  const split = { part, whole: { value: output, direction }, terms: [...terms, { value: constant, direction, labels: [label] }] };
  return { split, ofInput, ofAdded };
}

/** Of an affine map f: the direction of each input, so that `<f(x…), direction> = Σ <x, its direction> + <constant, direction>`. */
function pullBack(map: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], direction: Tensor) {
  const directions = grads((...each: Tensor[]) => own(map(...each)))([...inputs], direction);
  return { directions, constant: map(...inputs.map((each) => zerosLike(each))) };
}

function splitSublayer(
  { model, run, neuronGroup }: Decomposed,
  { name, block, output }: AddedPart,
  layer: number,
  direction: Tensor,
): Split {
  const whole = { value: output, direction };
  if (block instanceof MultiHeadAttention) {
    const labels = Array.from({ length: block.numHeads }, (_, head) => ({
      ...labelOf("head", name, layer),
      name: headName(model, name, layer, head),
      head,
    }));
    const inner = { part: `${name}.output`, projection: block.output, value: run.value(`${name}.output`) };
    return splitProjection(whole, inner, labels, labelOf("attentionBias", `${name}.output`, layer));
  }
  if (neuronGroup === undefined) return { part: name, whole, terms: [{ ...whole, labels: [labelOf("feedForward", name, layer)] }] };
  const value = run.value(`${name}.down`);
  const labels = neuronLabels(name, layer, value.shape.at(-1)!, neuronGroup);
  const inner = { part: `${name}.down`, projection: downOf(name, block), value };
  return splitProjection(whole, inner, labels, labelOf("feedForwardBias", `${name}.down`, layer), neuronGroup);
}

/** Splits the output of a projection by groups of its input's columns, and its bias. */
function splitProjection(
  whole: Split["whole"],
  { part, projection, value }: { readonly part: string; readonly projection: Block; readonly value: Tensor },
  labels: readonly ComponentLabel[],
  bias: ComponentLabel,
  groupWidth: number = value.shape.at(-1)! / labels.length,
): Split {
  const { directions, constant } = pullBack(mapOf(projection), [value], whole.direction);
  const columns: Term = { value, direction: directions[0]!, labels, groupWidth };
  return { part, whole, terms: [columns, { value: constant, direction: whole.direction, labels: [bias] }] };
}

/** The map of a projection without edits of its input: the recorded input has them already. */
function mapOf(projection: Block): (x?: Tensor) => Tensor {
  if (projection instanceof Linear) return (x) => linear(x!, projection.weight, projection.bias);
  return (x) => projection.apply(x!);
}

function downOf(name: string, block: object): Block {
  if ("down" in block) return block.down as Block;
  return refuse(ValueError, "attributeLogits", `"${name}"`, "a network with a down projection", "one without", "leave out neuronGroup");
}

function splitEmbedding({ operation, model, ids, options, at, run }: Decomposed, direction: Tensor): Split {
  const { input, prefix } = inputPartOf(model);
  const embeddings = embeddingsOf(model, ids, options, at);
  const values = embeddings.map(({ value }) => value);
  const part = `${prefix}embeddingNorm`;
  const norm = input.embeddingNorm && frozenNorm(operation, part, input.embeddingNorm, total(values));
  const map = (...each: Tensor[]) => norm?.(total(each)) ?? total(each);
  const { directions, constant } = pullBack(map, values, direction);
  const terms = embeddings.map(({ name, value }, index): Term => {
    return { value, direction: directions[index]!, labels: [labelOf("embedding", name, null)] };
  });
  const bias: Term = { value: constant, direction, labels: [labelOf("normBias", part, null)] };
  return {
    part: norm === undefined ? `${prefix}tokenEmbedding` : part,
    whole: { value: run.stream(0), direction },
    terms: [...terms, bias],
  };
}

export function labelOf(kind: ComponentKind, part: string, layer: number | null): ComponentLabel {
  return { name: part, kind, part, layer, head: null, neurons: null };
}

function headName(model: StreamModel, attention: string, layer: number, head: number): string {
  const name = `L${layer}·H${head}`;
  if (!(model instanceof EncoderDecoder)) return name;
  return attention.endsWith("crossAttention") ? `cross ${name}` : `decoder ${name}`;
}

function neuronLabels(part: string, layer: number, width: number, size: number): ComponentLabel[] {
  return Array.from({ length: Math.ceil(width / size) }, (_, group) => {
    const [from, to] = [group * size, Math.min(width, (group + 1) * size)];
    const range = size === 1 ? `${from}` : `${from}–${to - 1}`;
    return { ...labelOf("neurons", part, layer), name: `${part}[${range}]`, neurons: [from, to] };
  });
}
