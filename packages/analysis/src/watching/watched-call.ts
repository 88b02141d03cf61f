import { slice, squeeze, Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import {
  type AttendOptions,
  type AttentionResult,
  type CachedKeysValues,
  mergeHeads,
  type MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "@tfblocks/attention";
import type { Explanation } from "@tfblocks/masks";
import { Composite, hold, own, type Parts, type Projection, scope } from "@tfblocks/tensor-utils";
import type { AllowedKeys } from "../maps/allowed-keys.js";

/** What to compute again for some rows. */
export type RowRequest = Pick<AttendOptions, "needWeights" | "needLogSumExp" | "taps">;

/** The sizes of a call. With a learned key, its weights have `keyLength + 1` columns. */
export interface CallSizes {
  readonly batch: number;
  readonly heads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  readonly queryOffset: number;
  readonly keyOffset: number;
}

/** What the scores and the output of one head are computed from. Heads that share a key-value head have the same keys and values. */
export interface HeadVectors {
  /** `[batch, queryLength, headDim]` */
  readonly query: Tensor;
  /** `[batch, keyLength, headDim]` */
  readonly key: Tensor;
  /** `[batch, keyLength, valueDim]` */
  readonly value: Tensor;
}

/**
 * The inputs of one attention call, kept to compute rows of its weights again: O(length · width), where all weights would take
 * O(length²).
 */
export class WatchedCall {
  readonly sizes: CallSizes;
  readonly attention: MultiHeadAttention;
  readonly #core: MultiHeadAttention;
  readonly #keysValues: CachedKeysValues;
  readonly #options: MultiHeadAttentionOptions;
  #input: Tensor | undefined;
  #queries: Tensor | undefined;

  /** @param options `queryOffset` and `keyOffset` must be set */
  constructor(attention: MultiHeadAttention, query: Tensor, keysValues: CachedKeysValues, options: MultiHeadAttentionOptions) {
    const { mask, bias, positions, queryOffset = 0, keyOffset = keysValues.keyOffset } = options;
    const [batch, queryLength] = query.shape as [number, number, number];
    this.sizes = { batch, heads: attention.numHeads, queryLength, keyLength: keysValues.key.shape[2], queryOffset, keyOffset };
    this.attention = attention;
    this.#core = withoutProjections(attention);
    this.#keysValues = { ...keysValues, key: hold(keysValues.key), value: hold(keysValues.value) };
    this.#options = { mask: held(mask), bias: held(bias), positions: held(positions), queryOffset, keyOffset };
    this.#input = hold(query);
  }

  /** How many columns the weights have: the keys, and a learned key. */
  get columns(): number {
    return this.sizes.keyLength + (this.attention.biasKey === undefined ? 0 : 1);
  }

  /** Attends from the queries `start` to `end - 1` again. The caller owns the result, whose `output` is not projected. */
  attendRows(start: number, end: number, request: RowRequest): AttentionResult<Tensor3D> {
    const { mask, bias } = this.#options;
    const { queryOffset, keyOffset } = this.sizes;
    const offsets = { queryOffset: queryOffset + start, keyOffset };
    return scope(() => {
      const queries = slice(this.#projected(), [0, start, 0], [-1, end - start, -1]);
      const masking = { mask: rowsOf(mask, start, end), bias: rowsOf(bias, start, end) };
      return this.#core.attend(queries, this.#keysValues, { ...masking, ...offsets, ...request });
    });
  }

  /** The queries, keys and values of one head: `[batch, length, dim]` each, after norm and rotation. The caller owns them. */
  headVectors(head: number): HeadVectors {
    return scope(() => {
      const { numHeads, numKvHeads } = this.attention;
      const queries = this.#projected();
      const headDim = queries.shape[2]! / numHeads;
      const kvHead = Math.floor(head / (numHeads / numKvHeads));
      const { key, value } = this.#keysValues;
      return {
        query: own(slice(queries, [0, 0, head * headDim], [-1, -1, headDim])),
        key: squeeze(slice(key, [0, kvHead, 0, 0], [-1, 1, -1, -1]), [1]),
        value: squeeze(slice(value, [0, kvHead, 0, 0], [-1, 1, -1, -1]), [1]),
      };
    });
  }

  /** Why a query may or may not attend to a key, both counted from the start of the call. */
  explain(batch: number, head: number, query: number, key: number): Pick<Explanation, "allowed" | "reason"> {
    const { mask } = this.#options;
    const { queryOffset, keyOffset } = this.sizes;
    if (mask === undefined) return { allowed: true, reason: "every query may attend to every key: there is no mask" };
    if (!(mask instanceof Tensor)) {
      const { allowed, reason } = mask.explain(
        mask.batch === 1 ? 0 : batch,
        mask.heads === 1 ? 0 : head,
        query + queryOffset,
        key + keyOffset,
      );
      return { allowed, reason };
    }
    const allowed = cellOf(mask, [batch, head, query, key]) !== 0;
    return { allowed, reason: `the tensor that masks the call ${allowed ? "allows" : "forbids"} it` };
  }

  /** The keys that the mask allows to some queries; null when there is no mask. */
  async allowed(start: number, end: number): Promise<AllowedKeys | null> {
    const { mask } = this.#options;
    if (mask === undefined) return null;
    const { keyLength, queryOffset, keyOffset } = this.sizes;
    const cells = { queryLength: end - start, keyLength, queryOffset: queryOffset + start, keyOffset };
    const tensor = scope(() => (mask instanceof Tensor ? own(rowsOf(mask, start, end)) : mask.dense(cells)));
    try {
      const shape = tensor.rank === 2 ? [1, 1, ...tensor.shape] : tensor.shape;
      return { data: new Uint8Array(await tensor.data()), shape: shape as [number, number, number, number] };
    } finally {
      tensor.dispose();
    }
  }

  dispose(): void {
    const { mask, bias, positions } = this.#options;
    const { key, value } = this.#keysValues;
    for (const each of [mask, bias, positions, key, value, this.#input, this.#queries]) if (each instanceof Tensor) each.dispose();
  }

  /** All queries, projected once: `[batch, queryLength, heads × headDim]`. */
  #projected(): Tensor {
    if (this.#queries === undefined) {
      const { positions, queryOffset } = this.#options;
      this.#queries = scope(() => hold(mergeHeads(this.attention.projectQuery(this.#input!, { positions, queryOffset }))));
      this.#input!.dispose();
    }
    return this.#queries;
  }
}

/** One cell of `[queryLength, keyLength]` or `[batch|1, heads|1, queryLength|1, keyLength|1]`. */
function cellOf(mask: Tensor, cell: readonly number[]): number {
  const place = cell.slice(4 - mask.rank).map((index, axis) => (mask.shape[axis] === 1 ? 0 : index));
  return scope(
    () =>
      slice(
        mask,
        place,
        place.map(() => 1),
      ).dataSync()[0]!,
  );
}

function held<Value>(value: Value): Value {
  return value instanceof Tensor ? hold(value) : value;
}

/** The rows of a mask or bias, `[queryLength, keyLength]` or `[…, queryLength|1, keyLength|1]`. */
function rowsOf<Value>(value: Value, start: number, end: number): Value {
  if (!(value instanceof Tensor)) return value;
  const axis = value.rank - 2;
  if (value.shape[axis] === 1) return value;
  const [begin, size] = [value.shape.map(() => 0), value.shape.map(() => -1)];
  begin[axis] = start;
  size[axis] = end - start;
  return slice(value, begin, size);
}

/** The attention from projected queries to heads that are not projected; keys were projected before. */
function withoutProjections(attention: MultiHeadAttention): MultiHeadAttention {
  const identity = new Identity();
  return attention.remake({ query: identity, output: identity, queryNorm: undefined, rotary: undefined });
}

class Identity extends Composite implements Projection {
  constructor() {
    super("Identity");
  }

  apply(x: Tensor): Tensor {
    return own(x);
  }

  parts(): Parts {
    return {};
  }
}
