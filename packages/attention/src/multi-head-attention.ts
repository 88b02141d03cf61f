import { fill, type Tensor, type Tensor3D, type Tensor4D, type Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkOptions,
  checkShapes,
  Composite,
  describeValue,
  type NamedLayout,
  type OptionNames,
  type Parts,
  type Projection,
  refuse,
  scope,
  ValueError,
} from "@tfblocks/tensor-utils";
import { current, type Live } from "@tfblocks/tensor-utils/steps";
import { attend } from "./attend.js";
import { type AttentionOptions, attentionOptionNames, type AttentionResult, checkCallOptions } from "./attention-options.js";
import type { CachedKeysValues, KeyValueCache } from "./caches/key-value-cache.js";
import { withLearnedKey } from "./learned-key.js";
import { checkParts, type MultiHeadAttentionParts, type Rotary } from "./multi-head-attention-parts.js";
import { knownWidths } from "./projections.js";
import { mergeHeads, splitHeads } from "./split-heads.js";

/** Options of {@link MultiHeadAttention.apply}; scale, softcap, sink and dropout are fields of the block. */
export interface MultiHeadAttentionOptions extends Omit<AttentionOptions, "scale" | "softcap" | "sink" | "dropout"> {
  /** Whether to return the weights; default true, as in PyTorch. */
  readonly needWeights?: boolean | undefined;
  /** Keys and values of earlier calls. The positions of the new queries follow those of the cached keys. */
  readonly cache?: KeyValueCache | undefined;
  /**
   * Absolute positions of the queries and of the new keys, for rotary embeddings: int32 `[queryLength]` or
   * `[batch, queryLength]`. Default: counted from the offsets, or from the cache. Masks always use the offsets.
   */
  readonly positions?: Tensor | undefined;
}

const { scale: _scale, softcap: _softcap, sink: _sink, dropout: _dropout, ...sharedNames } = attentionOptionNames;
const attendNames: OptionNames<AttendOptions> = { ...sharedNames, positions: true };
const optionNames: OptionNames<MultiHeadAttentionOptions> = { ...attendNames, cache: true };

/** Options of {@link MultiHeadAttention.attend}. */
export type AttendOptions = Omit<MultiHeadAttentionOptions, "cache">;

/** Options of {@link MultiHeadAttention.projectQuery}: the absolute position of the first query, default 0, or all `positions`. */
export type QueryOptions = Pick<MultiHeadAttentionOptions, "queryOffset" | "positions">;

/** Options of {@link MultiHeadAttention.project}: the absolute position of the first key, default 0, or all `positions`. */
export type KeyOptions = Pick<MultiHeadAttentionOptions, "keyOffset" | "positions">;

/** A result with weights: the default, unless `needWeights` is false. */
export type WithWeights = AttentionResult<Tensor3D> & Required<Pick<AttentionResult, "weights">>;

/**
 * Multi-head attention: concat(head_1 … head_h) W_O with head_i = attention(Q W_i^Q, K W_i^K, V W_i^V).
 *
 * The constructor takes parts; the builder `multiHeadAttention` makes them from sizes. A query represents what a token looks
 * for, a key what it offers, and a value what it contributes. The heads attend independently of each other. Source: Vaswani
 * et al. 2017, section 3.2.2.
 *
 * Parameters: `query.*`, `key.*`, `value.*`, `output.*`, and those of the optional parts. `Map` is the type of the four
 * projections.
 */
export class MultiHeadAttention<Map extends Projection = Projection>
  extends Composite
  implements Block<[query: Tensor, key: Tensor, value: Tensor, options?: MultiHeadAttentionOptions], AttentionResult<Tensor3D>>
{
  readonly query: Map;
  readonly key: Map;
  readonly value: Map;
  readonly output: Map;
  readonly numHeads: number;
  readonly numKvHeads: number;
  readonly queryNorm: Block | undefined;
  readonly keyNorm: Block | undefined;
  readonly rotary: Rotary | undefined;
  readonly biasKey: Variable | undefined;
  readonly biasValue: Variable | undefined;
  readonly sink: Variable | number | undefined;
  readonly scale: number | undefined;
  readonly softcap: number | undefined;
  readonly dropout: number;
  readonly #widths: ReturnType<typeof knownWidths>;

  /**
   * @throws ValueError when a part is unknown or missing, a setting is out of range, or the widths of two parts do not match
   */
  constructor(parts: MultiHeadAttentionParts<Map>) {
    super("MultiHeadAttention");
    const { numHeads, numKvHeads = numHeads, dropout = 0, scale, softcap } = checkParts(parts);
    ({ query: this.query, key: this.key, value: this.value, output: this.output } = parts);
    ({ queryNorm: this.queryNorm, keyNorm: this.keyNorm, rotary: this.rotary } = parts);
    ({ biasKey: this.biasKey, biasValue: this.biasValue, sink: this.sink } = parts);
    this.numHeads = numHeads;
    this.numKvHeads = numKvHeads;
    this.scale = scale;
    this.softcap = softcap;
    this.dropout = dropout;
    this.#widths = knownWidths(this);
  }

  /**
   * @param query `[batch, queryLength, dModel]`
   * @param key `[batch, keyLength, keyInputDim]`; for self-attention, the same tensor as `query`
   * @param value `[batch, keyLength, valueInputDim]`
   * @returns `output` `[batch, queryLength, dModel]` and, unless `needWeights` is false, `weights`
   *   `[batch, heads, queryLength, keyLength]`, with an additional last column when there is a learned key
   * @throws ShapeError, DTypeError, DisposedError, ValueError, AllocationError as `scaledDotProductAttention`
   */
  apply(query: Tensor, key: Tensor, value: Tensor, options?: MultiHeadAttentionOptions & { needWeights?: true }): WithWeights;
  apply(query: Tensor, key: Tensor, value: Tensor, options: MultiHeadAttentionOptions): AttentionResult<Tensor3D>;
  apply(query: Tensor, key: Tensor, value: Tensor, options: MultiHeadAttentionOptions = {}): AttentionResult<Tensor3D> {
    const { cache, ...attendOptions } = checkCallOptions("MultiHeadAttention.apply", options, optionNames);
    checkCache(cache);
    this.#check("apply", { query: [query, "batch queryLength dModel"], ...keyLayouts(key, value) });
    return scope(() =>
      cache === undefined ? this.#apply(query, key, value, attendOptions) : this.#applyCached(query, key, value, cache, attendOptions),
    );
  }

  /**
   * Computes the queries of `apply`: projected, normalised and rotated.
   *
   * @param query `[batch, queryLength, dModel]`
   * @returns `[batch, heads, queryLength, headDim]`
   * @throws ShapeError, DTypeError, DisposedError as `apply`
   */
  projectQuery(query: Tensor, options: QueryOptions = {}): Tensor4D {
    checkOptions("MultiHeadAttention.projectQuery", options, { queryOffset: true, positions: true });
    this.#check("projectQuery", { query: [query, "batch queryLength dModel"] });
    return scope(() => this.#projectQuery(query, options));
  }

  /**
   * Computes the keys and values of `apply`: projected, normalised and rotated. A decoder that attends to the same source
   * at every step can project it once. The caller owns the result.
   *
   * @param key `[batch, keyLength, keyInputDim]`
   * @param value `[batch, keyLength, valueInputDim]`
   * @throws ShapeError, DTypeError, DisposedError as `apply`
   */
  project(key: Tensor, value: Tensor, options: KeyOptions = {}): CachedKeysValues {
    checkOptions("MultiHeadAttention.project", options, { keyOffset: true, positions: true });
    this.#check("project", keyLayouts(key, value));
    return scope(() => this.#project(key, value, options));
  }

  /**
   * Attends to projected keys and values: `apply(query, key, value)` equals `attend(query, project(key, value))`.
   *
   * @param query `[batch, queryLength, dModel]`
   * @param keysValues the result of `project`, borrowed
   * @param options `keyOffset` defaults to that of `keysValues`
   * @returns as `apply`
   * @throws ShapeError, DTypeError, DisposedError, ValueError, AllocationError as `apply`
   */
  attend(query: Tensor, keysValues: CachedKeysValues, options: AttendOptions = {}): AttentionResult<Tensor3D> {
    checkCallOptions("MultiHeadAttention.attend", options, attendNames);
    this.#check("attend", {
      query: [query, "batch queryLength dModel"],
      key: [keysValues.key, "batch kvHeads keyLength headDim"],
      value: [keysValues.value, "batch kvHeads keyLength valueDim"],
    });
    return scope(() => this.#attend("attend", this.#projectQuery(query, options), keysValues, options));
  }

  parts(): Parts {
    const { query, key, value, output, biasKey, biasValue, sink, queryNorm, keyNorm } = this;
    return { query, key, value, output, biasKey, biasValue, sink: typeof sink === "number" ? undefined : sink, queryNorm, keyNorm };
  }

  #check(method: string, layouts: Record<string, NamedLayout>): void {
    checkShapes(`MultiHeadAttention.${method}`, layouts, this.#widths);
  }

  #apply(query: Tensor, key: Tensor, value: Tensor, options: AttendOptions): AttentionResult<Tensor3D> {
    return this.#attend("apply", this.#projectQuery(query, options), this.#project(key, value, options), options);
  }

  #applyCached(query: Tensor, key: Tensor, value: Tensor, cache: KeyValueCache, options: AttendOptions): AttentionResult<Tensor3D> {
    const { positions, queryOffset } = options;
    const length = () => cache.length;
    const queries = this.#projectQuery(query, { positions, queryOffset: queryOffset ?? length });
    const fresh = this.#project(key, value, { positions, keyOffset: length });
    const joined = cache.join(fresh.key, fresh.value);
    const attended = queryOffset === undefined ? joined : { ...joined, grown: undefined };
    const result = this.#attend("apply", queries, attended, { ...options, queryOffset: queryOffset ?? length() });
    cache.store(joined);
    return result;
  }

  #projectQuery(query: Tensor, { positions, queryOffset = 0 }: LiveOffset<"queryOffset">): Tensor4D {
    const projected = this.query.apply(query); // [batch, queryLength, heads × headDim]
    const perHead = splitHeads(projected, this.numHeads); // [batch, heads, queryLength, headDim]
    return rotated(normalized(perHead, this.queryNorm), this.rotary, positions, queryOffset);
  }

  #project(key: Tensor, value: Tensor, { positions, keyOffset = 0 }: LiveOffset<"keyOffset">): CachedKeysValues {
    const keys = splitHeads(this.key.apply(key), this.numKvHeads); // [batch, kvHeads, keyLength, headDim]
    const values = splitHeads(this.value.apply(value), this.numKvHeads); // [batch, kvHeads, keyLength, valueDim]
    return {
      key: rotated(normalized(keys, this.keyNorm), this.rotary, positions, keyOffset),
      value: values,
      keyOffset: current(keyOffset),
    };
  }

  #attend(method: string, queries: Tensor4D, keysValues: CachedKeysValues, options: AttendOptions): AttentionResult<Tensor3D> {
    const operation = `MultiHeadAttention.${method}`;
    const { positions: _, needWeights = true, queryOffset = 0, keyOffset = keysValues.keyOffset, ...others } = options;
    const { scale, softcap, dropout } = this;
    const callOptions = { ...others, queryOffset, keyOffset };
    const { masking, ...attended } = withLearnedKey(operation, queries, keysValues, this, callOptions);
    const sink = typeof this.sink === "number" ? fill([this.numHeads], this.sink) : this.sink;
    const settings = { scale, softcap, dropout, sink, needWeights };
    const { output, ...extras } = attend(operation, queries, attended, { ...callOptions, ...masking, ...settings });
    const merged = mergeHeads(output); // [batch, queryLength, heads × valueDim]
    return { ...extras, output: this.output.apply(merged) as Tensor3D }; // [batch, queryLength, dModel]
  }
}

/** The layouts of keys and values before projection. */
function keyLayouts(key: Tensor, value: Tensor): Record<string, NamedLayout> {
  return { key: [key, "batch keyLength keyInputDim"], value: [value, "batch keyLength valueInputDim"] };
}

function checkCache(cache: KeyValueCache | undefined): void {
  if (cache === undefined || (typeof cache?.join === "function" && typeof cache.store === "function")) return;
  refuse(
    ValueError,
    "MultiHeadAttention.apply",
    "cache",
    "a KeyValueCache",
    describeValue(cache),
    "make one with new GrowingCache() of @tfblocks/attention/caches",
  );
}

/** Positions, or an offset that grows from one repetition of a captured step to the next. */
type LiveOffset<Name extends string> = Pick<MultiHeadAttentionOptions, "positions"> & { readonly [Key in Name]?: Live<number> | undefined };

function rotated(x: Tensor4D, rotary: Rotary | undefined, positions: Tensor | undefined, offset: Live<number>): Tensor4D {
  if (rotary === undefined) return x;
  return rotary.apply(x, positions === undefined ? { offset } : { positions }) as Tensor4D;
}

function normalized(perHead: Tensor4D, norm: Block | undefined): Tensor4D {
  return norm === undefined ? perHead : (norm.apply(perHead) as Tensor4D);
}
