import { type Tensor, type Tensor3D, type Tensor4D, variable, type Variable, zeros } from "@tensorflow/tfjs-core";
import {
  type Block,
  Composite,
  checkObject,
  checkShapes,
  describeValue,
  disposeParts,
  Linear,
  type NamedLayout,
  parameter,
  type Parts,
  refuse,
  scope,
  ValueError,
  xavierNormal,
} from "@tfblocks/tensor-utils";
import type { AttentionOptions, AttentionResult } from "./attention-options.js";
import type { CachedKeysValues, KeyValueCache } from "./caches/key-value-cache.js";
import { withLearnedKey } from "./learned-key.js";
import { type MultiHeadAttentionConfig, resolveConfig, type ResolvedConfig, type Rotary } from "./multi-head-attention-config.js";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";
import { mergeHeads, splitHeads } from "./split-heads.js";

/** Options of {@link MultiHeadAttention.apply}; scale, softcap, sink and dropout are the block's own. */
export interface MultiHeadAttentionOptions extends Omit<AttentionOptions, "scale" | "softcap" | "sink" | "dropout"> {
  /** Whether to return the weights; default true, as in PyTorch. */
  readonly needWeights?: boolean | undefined;
  /** Keys and values of earlier calls; the positions of the new queries follow them. */
  readonly cache?: KeyValueCache | undefined;
  /**
   * Absolute positions of the queries, and of as many new keys, for the rotation: int32 `[queryLength]` or
   * `[batch, queryLength]`. Default: from the offsets, or what a cache says. Masks count by offsets alone.
   */
  readonly positions?: Tensor | undefined;
}

/** Where the keys of {@link MultiHeadAttention.project} stand: their first absolute position, default 0, or all `positions`. */
export type KeyOptions = Pick<MultiHeadAttentionOptions, "keyOffset" | "positions">;

/** A result whose weights were asked for, or not declined. */
export type WithWeights = AttentionResult<Tensor3D> & Required<Pick<AttentionResult, "weights">>;

/**
 * Multi-head attention: concat(head_1 … head_h) W_O with head_i = attention(Q W_i^Q, K W_i^K, V W_i^V).
 *
 * A query says what a token looks for, a key what it represents, a value what it carries; several heads look from
 * several perspectives in parallel. Source: Vaswani et al. 2017, section 3.2.2.
 *
 * Parameters: `query.weight` `[numHeads × headDim, dModel]`, `key.weight` `[numKvHeads × headDim, keyInputDim]`,
 * `value.weight` `[numKvHeads × valueDim, valueInputDim]`, `output.weight` `[dModel, numHeads × valueDim]`, their
 * biases and, where configured, `biasKey` and `biasValue` `[1, 1, width]`, `sink` `[numHeads]`, `queryNorm.*`, `keyNorm.*`.
 */
export class MultiHeadAttention
  extends Composite
  implements Block<[query: Tensor, key: Tensor, value: Tensor, options?: MultiHeadAttentionOptions], AttentionResult<Tensor3D>>
{
  readonly config: ResolvedConfig;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly queryNorm: Block | undefined;
  readonly keyNorm: Block | undefined;
  readonly biasKey: Variable | undefined;
  readonly biasValue: Variable | undefined;
  /** `[numHeads]`: learned, or the fixed zeros of `addZeroAttn`. */
  readonly sink: Variable | undefined;

  /** @throws ValueError when a size is no positive integer, does not divide, or two options exclude each other */
  constructor(config: MultiHeadAttentionConfig) {
    super("MultiHeadAttention");
    this.config = resolveConfig(config);
    const { dModel, numHeads, numKvHeads, headDim, valueDim, keyInputDim, valueInputDim } = this.config;
    try {
      this.query = project(this.config, "query", dModel, numHeads * headDim);
      this.key = project(this.config, "key", keyInputDim, numKvHeads * headDim);
      this.value = project(this.config, "value", valueInputDim, numKvHeads * valueDim);
      this.output = project(this.config, "output", numHeads * valueDim, dModel);
      this.biasKey = appendedRow(this.config, "biasKey", numKvHeads * headDim);
      this.biasValue = appendedRow(this.config, "biasValue", numKvHeads * valueDim);
      this.sink = sinkOf(this.config);
    } catch (error) {
      this.dispose();
      throw error;
    }
    this.queryNorm = this.config.queryNorm;
    this.keyNorm = this.config.keyNorm;
  }

  /**
   * @param query `[batch, queryLength, dModel]`
   * @param key `[batch, keyLength, keyInputDim]`; the query again is self-attention
   * @param value `[batch, keyLength, valueInputDim]`
   * @returns `output` `[batch, queryLength, dModel]` and, unless `needWeights` is false, `weights`
   *   `[batch, heads, queryLength, keyLength]`; with `addBiasKv` their last column is the learned key
   * @throws ShapeError, DTypeError, DisposedError, ValueError, AllocationError as `scaledDotProductAttention`
   */
  apply(query: Tensor, key: Tensor, value: Tensor, options?: MultiHeadAttentionOptions & { needWeights?: true }): WithWeights;
  apply(query: Tensor, key: Tensor, value: Tensor, options: MultiHeadAttentionOptions): AttentionResult<Tensor3D>;
  apply(query: Tensor, key: Tensor, value: Tensor, options: MultiHeadAttentionOptions = {}): AttentionResult<Tensor3D> {
    checkObject("MultiHeadAttention.apply", "options", options);
    checkCache(options.cache);
    this.#check("apply", { query: [query, "batch queryLength dModel"], ...inputs(key, value) });
    return scope(() => this.#apply(query, key, value, options));
  }

  /**
   * The keys and values that `apply` attends to, projected, normed and rotated: once for any number of queries, such as
   * those of a decoder that looks at one source at every step.
   *
   * @param key `[batch, keyLength, keyInputDim]`
   * @param value `[batch, keyLength, valueInputDim]`
   * @throws ShapeError, DTypeError, DisposedError as `apply`
   */
  project(key: Tensor, value: Tensor, options: KeyOptions = {}): CachedKeysValues {
    this.#check("project", inputs(key, value));
    return scope(() => this.#project(key, value, options));
  }

  /**
   * Attends to projected keys and values: `apply(query, key, value)` is `attend(query, project(key, value))`.
   *
   * @param query `[batch, queryLength, dModel]`
   * @param keysValues of `project`; they stay the caller's
   * @param options `keyOffset` is that of the keys unless given
   * @returns as `apply`
   * @throws ShapeError, DTypeError, DisposedError, ValueError, AllocationError as `apply`
   */
  attend(query: Tensor, keysValues: CachedKeysValues, options: Omit<MultiHeadAttentionOptions, "cache"> = {}): AttentionResult<Tensor3D> {
    checkObject("MultiHeadAttention.attend", "options", options);
    this.#check("attend", {
      query: [query, "batch queryLength dModel"],
      key: [keysValues.key, "batch kvHeads keyLength headDim"],
      value: [keysValues.value, "batch kvHeads keyLength valueDim"],
    });
    return scope(() => this.#attend(this.#projectQuery(query, options), keysValues, options));
  }

  parts(): Parts {
    const { query, key, value, output, biasKey, biasValue, queryNorm, keyNorm } = this;
    return { query, key, value, output, biasKey, biasValue, sink: this.config.learnedSink ? this.sink : undefined, queryNorm, keyNorm };
  }

  override dispose(): void {
    super.dispose();
    disposeParts({ sink: this.sink });
  }

  #check(method: string, layouts: Record<string, NamedLayout>): void {
    const { dModel, keyInputDim, valueInputDim, numKvHeads: kvHeads, headDim, valueDim } = this.config;
    const sizes = Object.entries({ dModel, keyInputDim, valueInputDim, kvHeads, headDim, valueDim });
    const known = Object.fromEntries(sizes.map(([name, size]) => [name, [size, "config"] as const]));
    checkShapes(`MultiHeadAttention.${method}`, layouts, known);
  }

  #apply(query: Tensor, key: Tensor, value: Tensor, { cache, ...options }: MultiHeadAttentionOptions): AttentionResult<Tensor3D> {
    const { positions, queryOffset = cache?.length, keyOffset } = options;
    const queries = this.#projectQuery(query, { positions, queryOffset });
    const fresh = this.#project(key, value, { positions, keyOffset: cache ? cache.length : keyOffset });
    const kept = cache?.join(fresh.key, fresh.value) ?? fresh;
    const result = this.#attend(queries, kept, { ...options, queryOffset });
    cache?.store(kept);
    return result;
  }

  #projectQuery(query: Tensor, { positions, queryOffset = 0 }: Pick<MultiHeadAttentionOptions, "queryOffset" | "positions">): Tensor4D {
    const { numHeads, rotary } = this.config;
    return rotated(normed(splitHeads(this.query.apply(query), numHeads), this.queryNorm), rotary, positions, queryOffset);
  }

  #project(key: Tensor, value: Tensor, { positions, keyOffset = 0 }: KeyOptions): CachedKeysValues {
    const { numKvHeads, rotary } = this.config;
    const keys = normed(splitHeads(this.key.apply(key), numKvHeads), this.keyNorm);
    return { key: rotated(keys, rotary, positions, keyOffset), value: splitHeads(this.value.apply(value), numKvHeads), keyOffset };
  }

  #attend(queries: Tensor4D, keysValues: CachedKeysValues, options: Omit<MultiHeadAttentionOptions, "cache">): AttentionResult<Tensor3D> {
    const { scale, softcap, dropout } = this.config;
    const { positions: _, needWeights = true, queryOffset = 0, keyOffset = keysValues.keyOffset, ...rest } = options;
    const placed = { ...rest, queryOffset, keyOffset };
    const attended = withLearnedKey("MultiHeadAttention.apply", queries, keysValues, this, placed);
    const { output, ...others } = scaledDotProductAttention(queries, attended.key, attended.value, {
      ...placed,
      ...attended.masking,
      needWeights,
      scale,
      softcap,
      dropout,
      sink: this.sink,
    });
    return { ...others, output: this.output.apply(mergeHeads(output)) as Tensor3D };
  }
}

/** Keys and values as they come in. */
function inputs(key: Tensor, value: Tensor): Record<string, NamedLayout> {
  return { key: [key, "batch keyLength keyInputDim"], value: [value, "batch keyLength valueInputDim"] };
}

function checkCache(cache: KeyValueCache | undefined): void {
  if (cache === undefined || (typeof cache?.join === "function" && typeof cache.store === "function")) return;
  refuse(ValueError, "MultiHeadAttention.apply", "cache", "one of @tfblocks/attention/caches", describeValue(cache));
}

function project(
  { bias, init, random }: ResolvedConfig,
  name: "query" | "key" | "value" | "output",
  inFeatures: number,
  outFeatures: number,
): Linear {
  return new Linear({ inFeatures, outFeatures, bias: bias[name], random: random.split(name), ...(name !== "output" && { init }) });
}

function appendedRow({ addBiasKv, random }: ResolvedConfig, name: string, width: number): Variable | undefined {
  return addBiasKv ? parameter(() => xavierNormal([1, 1, width], random.split(name))) : undefined;
}

function sinkOf({ addZeroAttn, learnedSink, numHeads }: ResolvedConfig): Variable | undefined {
  return addZeroAttn || learnedSink ? scope(() => variable(zeros([numHeads]), learnedSink)) : undefined;
}

function rotated(x: Tensor4D, rotary: Rotary | undefined, positions: Tensor | undefined, offset: number): Tensor4D {
  if (rotary === undefined) return x;
  return rotary.apply(x, positions === undefined ? { offset } : { positions }) as Tensor4D;
}

function normed(perHead: Tensor4D, norm: Block | undefined): Tensor4D {
  return norm === undefined ? perHead : (norm.apply(perHead) as Tensor4D);
}
