import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkOptions,
  Composite,
  type OptionNames,
  own,
  type Parts,
  refuse,
  scope,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import { type Layer, type LayerOptions, layerOptionNames } from "./layer-options.js";
import type { ModelCache } from "./model-cache.js";
import { partSeed } from "./seeds.js";

/** A bias of the scores by position, shared by the layers, as `RelativePositionBias` of `@tfblocks/positional`. */
export interface PositionBias {
  /** Broadcastable to `[batch, heads, queryLength, keyLength]`. */
  apply(sizes: { queryLength: number; keyLength: number; queryOffset: number; keyOffset: number }): Tensor;
}

/** Parts of a {@link TransformerStack}, which disposes them. */
export interface StackParts {
  readonly layers: readonly Layer[];
  readonly finalNorm?: Block | undefined;
  /** Added to the scores of every layer; default none. */
  readonly relativeBias?: PositionBias | undefined;
}

const partNames: OptionNames<StackParts> = { layers: true, finalNorm: true, relativeBias: true };

/** What a stack takes beside its input. */
export interface StackOptions extends Omit<LayerOptions, "cache" | "memoryCache" | "bias"> {
  /** Keys and values of earlier calls, of every layer. */
  readonly cache?: ModelCache | undefined;
  /** Whether to return the stream before the first layer and after each; default false. */
  readonly needHiddenStates?: boolean | undefined;
}

const { bias: _bias, memoryCache: _memoryCache, ...layerNames } = layerOptionNames;
const optionNames: OptionNames<StackOptions> = { ...layerNames, needHiddenStates: true };

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

  /** @throws ValueError when there is no list of layers, or a part is unknown */
  constructor(parts: StackParts) {
    super("TransformerStack");
    const { layers, finalNorm, relativeBias } = checkOptions("TransformerStack", parts, partNames, "part");
    if (!Array.isArray(layers)) refuse(ValueError, "TransformerStack", "layers", "a list of layers", typeof layers);
    this.layers = layers;
    this.finalNorm = finalNorm;
    this.relativeBias = relativeBias;
  }

  /**
   * @param x `[batch, length, dModel]`
   * @throws ValueError when an option is unknown
   * @throws ShapeError, DTypeError, DisposedError, ValueError as the layers; the cache stays as it was
   */
  apply(x: Tensor, options: StackOptions = {}): StackResult {
    const { cache } = checkOptions("TransformerStack.apply", options, optionNames);
    if (cache === undefined) return scope(() => this.#run(x, options));
    checkCache(cache, this.layers.length);
    return cache.transaction((layers) => {
      const caches = layers.map((layer, index) => ({ cache: layer, memoryCache: cache.memories[index] }));
      return scope(() => this.#run(x, options, caches, cache.length));
    });
  }

  parts(): Parts {
    const { relativeBias, finalNorm, layers } = this;
    return { layers, finalNorm, relativeBias: isPart(relativeBias) ? relativeBias : undefined };
  }

  #run(x: Tensor, options: StackOptions, caches: readonly LayerOptions[] = [], offset = 0): StackResult {
    const { mask, positions, memory, memoryMask, needWeights, training, seed, needHiddenStates = false } = options;
    const shared = { mask, positions, memory, memoryMask, needWeights, training, bias: this.#bias(x.shape[1]!, offset) };
    const [states, weights, crossWeights]: [Tensor3D[], Tensor[], Tensor[]] = [[own(x as Tensor3D)], [], []];
    for (const [index, layer] of this.layers.entries()) {
      const result = layer.apply(states.at(-1)!, { ...shared, ...caches[index], seed: partSeed(seed, index) });
      states.push(result.output);
      if (result.weights) weights.push(result.weights);
      if (result.crossWeights) crossWeights.push(result.crossWeights);
    }
    const last = states.pop()!;
    const output = this.finalNorm === undefined ? last : (this.finalNorm.apply(last) as Tensor3D);
    return {
      output,
      ...(needHiddenStates && { hiddenStates: [...states, own(output)] }),
      ...(needWeights && { weights, crossWeights }),
    };
  }

  #bias(length: number, offset: number): Tensor | undefined {
    return this.relativeBias?.apply({ queryLength: length, keyLength: offset + length, queryOffset: offset, keyOffset: 0 });
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
