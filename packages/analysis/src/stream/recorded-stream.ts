import { add, broadcastTo, gather, type Tensor, tensor1d, zerosLike } from "@tensorflow/tfjs-core";
import { MultiHeadAttention } from "@tfblocks/attention";
import { describeValue, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { EncoderDecoder, type InputEmbedding, type TransformerStack } from "@tfblocks/transformer";
import { atPositions, headsOf, inputOf, neuronsOf, outputOf, type Site } from "../edits/sites.js";
import { record } from "../watching/record.js";
import { sublayersOf } from "./frozen-steps.js";
import { runStream, type StreamModel, type StreamOptions } from "./stream-options.js";

/** What a run computed at some positions, by the names of parts. */
export interface RecordedStream {
  /** The stream before layer l, or after the last one, `[batch, positions, dModel]`. */
  readonly stream: (layer: number) => Tensor;
  /** The output of a sublayer, or the input of an output or down projection. */
  readonly value: (name: string) => Tensor;
  dispose(): void;
}

/** The stack whose stream is read, and what the names of its parts start with. */
export function stackOf(model: StreamModel): { readonly stack: TransformerStack; readonly prefix: string } {
  return model instanceof EncoderDecoder ? { stack: model.decoder, prefix: "decoder." } : { stack: model.stack, prefix: "" };
}

/** Runs a model once and keeps what attribution reads. @throws ValueError when a layer or an attention is of another kind */
export function recordStream(
  operation: string,
  model: StreamModel,
  ids: Tensor,
  options: StreamOptions,
  { at, neurons }: { readonly at: readonly number[]; readonly neurons: boolean },
): RecordedStream {
  const { stack, prefix } = stackOf(model);
  const last = stack.layers.length - 1;
  const sites: Record<string, Site> = {
    stream: inputOf(`${prefix}layers.*`),
    end: outputOf(`${prefix}layers.${last}`),
    ...sublayerSites(operation, stack, prefix, neurons),
  };
  const atSites = Object.fromEntries(Object.entries(sites).map(([name, site]) => [name, atPositions(site, at)]));
  const run = (watched: StreamModel) => scope(() => void runStream(operation, watched, ids, options));
  const recording = model instanceof EncoderDecoder ? record(model, atSites, run) : record(model, atSites, run);
  const { stream, end, ...others } = recording.values;
  const values = Object.assign({}, ...Object.values(others)) as Record<string, Tensor>;
  return {
    stream: (layer) => (layer > last ? end![`${prefix}layers.${last}`]! : stream![`${prefix}layers.${layer}`]!),
    value: (name) => values[name]!,
    dispose: () => recording.dispose(),
  };
}

function sublayerSites(operation: string, stack: TransformerStack, prefix: string, neurons: boolean): Record<string, Site> {
  const names = new Set(
    stack.layers.flatMap((layer, index) => {
      const name = `${prefix}layers.${index}`;
      return sublayersOf(operation, name, layer).filter((sublayer) => {
        const block: unknown = layer[sublayer as never];
        if (sublayer === "feedForward" || block instanceof MultiHeadAttention) return true;
        return refuse(ValueError, operation, `"${name}.${sublayer}"`, "a MultiHeadAttention", describeValue(block));
      });
    }),
  );
  return Object.fromEntries(
    [...names].flatMap((sublayer): [string, Site][] => {
      const part = `${prefix}layers.*.${sublayer}`;
      const inner = sublayer === "feedForward" ? neurons && neuronsOf(part) : headsOf(part);
      return [[sublayer, outputOf(part)], ...(inner ? [[`${sublayer} inner`, inner] as [string, Site]] : [])];
    }),
  );
}

/** The embeddings whose sum, after an optional norm, is the stream before the first layer, each `[batch, positions, dModel]`. */
export function embeddingsOf(
  model: StreamModel,
  ids: Tensor,
  { positions, segments }: StreamOptions,
  at: readonly number[],
): { readonly name: string; readonly value: Tensor }[] {
  const { tokenEmbedding, positionEmbedding, segmentEmbedding, positionRule } = inputPartOf(model).input;
  const named: [string, Tensor | undefined][] = [
    ["tokenEmbedding", tokenEmbedding.apply(ids)],
    ["segmentEmbedding", segmentEmbedding?.apply(segments ?? zerosLike(ids))],
    ["positionEmbedding", positionEmbedding?.apply(positions ?? positionRule(ids, 0))],
  ];
  const shape = named[0]![1]!.shape;
  return named.flatMap(([name, value]) => {
    if (value === undefined) return [];
    const rows = gather(broadcastTo(value, shape), tensor1d([...at], "int32"), 1);
    return [{ name: `${inputPartOf(model).prefix}${name}`, value: rows }];
  });
}

/** The sum of tensors of one shape. */
export function total(tensors: readonly Tensor[]): Tensor {
  return tensors.reduce((sum, each) => add(sum, each));
}

/** The input embedding of the ids, and what the names of its parts start with. */
export function inputPartOf(model: StreamModel): { readonly input: InputEmbedding; readonly prefix: string } {
  if (!(model instanceof EncoderDecoder)) return { input: model.input, prefix: "" };
  return { input: model.targetInput, prefix: model.targetInput === model.input ? "" : "target." };
}
