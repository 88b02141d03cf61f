import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { type Block, own, refuse, scope, ShapeError, Composite, type Parts } from "@tfblocks/tensor-utils";
import { numbered } from "./numbered.js";
import type { Layer, LayerOptions } from "./layer-options.js";
import type { ModelCache } from "./model-cache.js";
import { partSeed } from "./seeds.js";

/** A bias of the scores by position, shared by the layers, as `RelativePositionBias` of `@tfblocks/positional`. */
export interface PositionBias {
  /** Broadcastable to `[batch, heads, queryLength, keyLength]`. */
  apply(sizes: { queryLength: number; keyLength: number; queryOffset: number; keyOffset: number }): Tensor;
}

/** Parts of a {@link TransformerStack}; the stack disposes them. */
export interface StackParts {
  readonly layers: readonly Layer[];
  readonly finalNorm?: Block | undefined;
  /** Added to the scores of every layer; default none. */
  readonly relativeBias?: PositionBias | undefined;
}

/** What a stack takes beside its input. */
export interface StackOptions extends Omit<LayerOptions, "cache" | "memoryCache" | "bias"> {
  /** Keys and values of earlier calls, of every layer. */
  readonly cache?: ModelCache | undefined;
  /** Whether to return the stream before the first layer and after each; default false. */
  readonly needHiddenStates?: boolean | undefined;
}

/** What a stack gives; every tensor belongs to the caller. */
export interface StackResult {
  /** `[batch, length, dModel]`, after the final norm. */
  readonly output: Tensor3D;
  /** The input, then the output of each layer; the last one after the final norm. */
  readonly hiddenStates?: readonly Tensor3D[];
  /** Of each layer, `[batch, heads, queryLength, keyLength]`. */
  readonly weights?: readonly Tensor[];
  /** Of each layer with cross-attention, `[batch, heads, queryLength, memoryLength]`. */
  readonly crossWeights?: readonly Tensor[];
}

/** Layers one after another, then a norm. Parameters: `layers.<i>.*`, `finalNorm.*`, `relativeBias.*`. */
export class TransformerStack extends Composite {
  readonly layers: readonly Layer[];
  readonly finalNorm: Block | undefined;
  readonly relativeBias: PositionBias | undefined;

  constructor({ layers, finalNorm, relativeBias }: StackParts) {
    super("TransformerStack");
    this.layers = layers;
    this.finalNorm = finalNorm;
    this.relativeBias = relativeBias;
  }

  /**
   * @param x `[batch, length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError, ValueError as the layers; the cache stays as it was
   */
  apply(x: Tensor, options: StackOptions = {}): StackResult {
    const { cache, needHiddenStates = false, ...rest } = options;
    if (cache === undefined) return scope(() => this.#run(x, rest, needHiddenStates));
    checkCache(cache, this.layers.length);
    return cache.transaction((layers) => {
      const caches = layers.map((layer, index) => ({ cache: layer, memoryCache: cache.memories[index] }));
      return scope(() => this.#run(x, rest, needHiddenStates, caches, cache.length));
    });
  }

  parts(): Parts {
    const { relativeBias, finalNorm, layers } = this;
    return { ...numbered("layers", layers), finalNorm, relativeBias: isPart(relativeBias) ? relativeBias : undefined };
  }

  #run(x: Tensor, options: LayerOptions, needHiddenStates: boolean, caches: readonly LayerOptions[] = [], offset = 0): StackResult {
    const length = x.shape[1]!;
    const bias = this.relativeBias?.apply({ queryLength: length, keyLength: offset + length, queryOffset: offset, keyOffset: 0 });
    const [states, weights, crossWeights]: [Tensor3D[], Tensor[], Tensor[]] = [[own(x as Tensor3D)], [], []];
    for (const [index, layer] of this.layers.entries()) {
      const result = layer.apply(states.at(-1)!, { ...options, ...caches[index], bias, seed: partSeed(options.seed, index) });
      states.push(result.output);
      if (result.weights) weights.push(result.weights);
      if (result.crossWeights) crossWeights.push(result.crossWeights);
    }
    const last = states.pop()!;
    const output = this.finalNorm === undefined ? last : (this.finalNorm.apply(last) as Tensor3D);
    return {
      output,
      ...(needHiddenStates && { hiddenStates: [...states, own(output)] }),
      ...(options.needWeights && { weights, crossWeights }),
    };
  }
}

/** Whether a bias is learned. */
function isPart(bias: PositionBias | undefined): bias is PositionBias & Pick<Block, "parameters" | "dispose"> {
  return bias !== undefined && "parameters" in bias;
}

function checkCache(cache: ModelCache, layers: number): void {
  if (cache.layers.length === layers) return;
  refuse(ShapeError, "TransformerStack.apply", "cache", `of ${layers} layers`, cache.layers.length);
}
