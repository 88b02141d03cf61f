import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import {
  type Block,
  checkOptions,
  Composite,
  describeValue,
  type OptionNames,
  own,
  type Parts,
  refuse,
  scope,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import { activeRecorder, type Live } from "@tfblocks/tensor-utils/steps";
import { type Layer, type LayerOptions, layerOptionNames } from "./layer-options.js";
import type { ModelCache } from "./model-cache.js";
import { partSeed } from "./seeds.js";

interface Range {
  readonly queryLength: number;
  readonly keyLength: number;
  readonly queryOffset: number;
  readonly keyOffset: number;
}

/** A bias of the scores that depends on positions, for example `RelativePositionBias` of `@tfblocks/positional`. */
export interface PositionBias {
  /**
   * @param range a function while a step is captured, from one repetition of which to the next it changes
   * @returns a tensor that is broadcastable to `[batch, heads, queryLength, keyLength]`, with further columns for later keys where the range
   *   is a function
   */
  apply(range: Live<Range>): Tensor;
}

/** Parts of a {@link TransformerStack}, which takes ownership of them. */
export interface StackParts {
  readonly layers: readonly Layer[];
  /** Norm applied after the last layer; default none. */
  readonly finalNorm?: Block | undefined;
  /** Added to the scores of every layer; default none. */
  readonly relativeBias?: PositionBias | undefined;
}

const partNames: OptionNames<StackParts> = { layers: true, finalNorm: true, relativeBias: true };

/** Options of {@link TransformerStack.apply}. */
export interface StackOptions extends Omit<LayerOptions, "cache" | "memoryCache" | "bias"> {
  /** Keys and values of earlier calls, for every layer; default none. */
  readonly cache?: ModelCache | undefined;
  /** Whether to return the hidden states before the first layer and after each layer; default false. */
  readonly needHiddenStates?: boolean | undefined;
}

const { bias: _bias, memoryCache: _memoryCache, ...layerNames } = layerOptionNames;
export const stackOptionNames: OptionNames<StackOptions> = { ...layerNames, needHiddenStates: "flag" };

/** The result of a stack. The caller owns every tensor. */
export interface StackResult {
  /** `[batch, length, dModel]`, after the final norm. */
  readonly output: Tensor3D;
  /** The input, then the output of each layer; the last one after the final norm. Each `[batch, length, dModel]`. */
  readonly hiddenStates?: readonly Tensor3D[];
  /** The weights of each layer, `[batch, heads, queryLength, keyLength]`. */
  readonly weights?: readonly Tensor[];
  /** The weights of each cross-attention, `[batch, heads, queryLength, memoryLength]`. */
  readonly crossWeights?: readonly Tensor[];
}

/** A sequence of layers, followed by an optional norm. Parameters: `layers.<i>.*`, `finalNorm.*`, `relativeBias.*`. */
export class TransformerStack extends Composite {
  readonly layers: readonly Layer[];
  readonly finalNorm: Block | undefined;
  readonly relativeBias: PositionBias | undefined;

  /** @throws ValueError when the layers are not an array, or a part is unknown */
  constructor(parts: StackParts) {
    super("TransformerStack");
    const { layers, finalNorm, relativeBias } = checkOptions("TransformerStack", parts, partNames, "part");
    if (!Array.isArray(layers)) refuse(ValueError, "TransformerStack", "layers", "an array of layers", describeValue(layers));
    this.layers = layers;
    this.finalNorm = finalNorm;
    this.relativeBias = relativeBias;
  }

  /**
   * Whether no token attends to later ones, by the masks of the layers. A layer that does not tell its mask counts as causal.
   */
  get isCausal(): boolean {
    return this.layers.every((layer) => !("mask" in layer) || isCausal(layer.mask as Mask | undefined));
  }

  /**
   * @param x `[batch, length, dModel]`
   * @throws ValueError when an option is unknown
   * @throws ShapeError, DTypeError, DisposedError, ValueError as the layers; the cache then does not change
   */
  apply(x: Tensor, options: StackOptions = {}): StackResult {
    const { cache } = checkOptions("TransformerStack.apply", options, stackOptionNames);
    if (cache === undefined) return scope(() => this.#run(x, options));
    checkCache(cache, this.layers.length);
    return cache.transaction((layers) => {
      const caches = layers.map((layer, index) => ({ cache: layer, memoryCache: cache.memories[index] }));
      return scope(() => this.#run(x, options, caches));
    });
  }

  parts(): Parts {
    const { relativeBias, finalNorm, layers } = this;
    return { layers, finalNorm, relativeBias: isPart(relativeBias) ? relativeBias : undefined };
  }

  #run(x: Tensor, options: StackOptions, caches: readonly LayerOptions[] = []): StackResult {
    const { mask, positions, memory, memoryMask, needWeights, training, seed, needHiddenStates = false } = options;
    const shared = { mask, positions, memory, memoryMask, needWeights, training, bias: this.#bias(x.shape[1]!, options.cache) };
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

  #bias(length: number, cache: ModelCache | undefined): Tensor | undefined {
    const range = (): Range => {
      const offset = cache?.length ?? 0;
      return { queryLength: length, keyLength: offset + length, queryOffset: offset, keyOffset: 0 };
    };
    return this.relativeBias?.apply(activeRecorder() === undefined ? range() : range);
  }
}

/** Positions of any text; the mask of a prefix lets tokens attend to later ones at its start only. */
const farPositions = [2 ** 30, 2 ** 30 + 1];

function isCausal(mask: Mask | undefined): boolean {
  return mask !== undefined && farPositions.every((position) => !mask.at(0, 0, position, position + 1));
}

/** Whether a bias has parameters. */
function isPart(bias: PositionBias | undefined): bias is PositionBias & Pick<Block, "parameters" | "dispose"> {
  return bias !== undefined && "parameters" in bias;
}

function checkCache(cache: ModelCache, layers: number): void {
  if (!Array.isArray(cache?.layers)) {
    refuse(ValueError, "TransformerStack.apply", "cache", "a ModelCache", describeValue(cache), "make it with createCache()");
  }
  if (cache.layers.length === layers) return;
  refuse(
    ShapeError,
    "TransformerStack.apply",
    "cache",
    `a cache of ${layers} layers`,
    `one of ${cache.layers.length}`,
    "make it with createCache()",
  );
}
