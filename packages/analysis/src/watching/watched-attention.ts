import type { Tensor } from "@tensorflow/tfjs-core";
import { type AttentionResult, splitHeads, type TapRequest } from "@tfblocks/attention";
import type { Explanation } from "@tfblocks/masks";
import { checkInteger, checkObject, describeValue, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { type AttentionMaps, attentionMaps } from "../maps/attention-maps.js";
import type { AttentionSummary } from "./attention-summary.js";
import { readBlock, rowBlocks, summarize } from "./row-blocks.js";
import type { CallSizes, HeadVectors, WatchedCall } from "./watched-call.js";

/** `maps` reads at most so many weights: 256 MiB. */
const maxWeights = 2 ** 26;

const operation = "WatchedAttention";

/** The methods that return weights of all heads. */
const readsWeights: ReadonlySet<string> = new Set(["weights", "rows", "maps"]);

/** What is known of one attention: its inputs, or only its summary. */
export type Watched = { readonly call: WatchedCall } | { readonly summary: AttentionSummary };

/** The attention of one run of a model. {@link watchAttention} makes it. */
export class WatchedAttention<Result> {
  /** What `run` returned; the caller owns its tensors. */
  readonly result: Result;
  readonly #watched: ReadonlyMap<string, Watched>;
  readonly #topK: number;
  #isDisposed = false;

  constructor(result: Result, watched: ReadonlyMap<string, Watched>, topK: number) {
    this.result = result;
    this.#watched = watched;
    this.#topK = topK;
  }

  /** The names of the attentions, in the order of computation. */
  get parts(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** @throws ValueError when the attention was not watched */
  sizes(part: string): CallSizes {
    const found = this.#find("sizes", part);
    if ("call" in found) return found.call.sizes;
    const { batch, heads, queryLength, keyLength, queryOffset, keyOffset } = found.summary;
    return { batch, heads, queryLength, keyLength, queryOffset, keyOffset };
  }

  /**
   * The weights of some queries, computed again by the attention itself: `[batch, heads, end - start, keyLength]`, with an additional
   * column for a learned key. The caller owns the tensor.
   *
   * @param start the index of the first query; default 0
   * @param end the index after the last query; default all
   * @throws ValueError as {@link rows}
   */
  weights(part: string, start?: number, end?: number): Tensor {
    const { call, rows } = this.#rows("weights", part, start, end);
    return scope(() => call.attendRows(...rows, { needWeights: true }).weights!);
  }

  /**
   * Stages of the scores of some queries, for example `{ stages: ["masked"], heads: [3] }`; see `Stage` of `@tfblocks/attention`. The
   * caller owns the tensors, each `[batch, requested heads, end - start, columns]`.
   *
   * @throws ValueError as {@link rows}, or when a stage or head does not exist
   */
  scores(part: string, request: TapRequest, start?: number, end?: number): NonNullable<AttentionResult["taps"]> {
    const { call, rows } = this.#rows("scores", part, start, end);
    checkObject(`${operation}.scores`, "request", request);
    return scope(() => call.attendRows(...rows, { needWeights: false, taps: request }).taps!);
  }

  /**
   * The outputs of the heads for some queries, before the output projection: weights · values, `[batch, heads, end - start, valueDim]`.
   * The caller owns the tensor.
   *
   * @throws ValueError as {@link rows}
   */
  outputs(part: string, start?: number, end?: number): Tensor {
    const { call, rows } = this.#rows("outputs", part, start, end);
    return scope(() => splitHeads(call.attendRows(...rows, { needWeights: false }).output, call.sizes.heads));
  }

  /**
   * The queries, keys and values of one head, after norm and rotation: the raw score of a cell is query · key. Without a learned key. The
   * caller owns the tensors.
   *
   * @throws ValueError when the attention was not watched or only summarised, or the head does not exist
   */
  vectors(part: string, head: number): HeadVectors {
    const { call } = this.#rows("vectors", part);
    checkInteger(`${operation}.vectors`, "head", head, 0, call.sizes.heads - 1);
    return call.headVectors(head);
  }

  /**
   * Whether the mask lets a query attend to a key, and why, in one sentence. Both are indices of the call; the sentence tells positions.
   *
   * @param head default 0
   * @param batch default 0
   * @throws ValueError when the attention was not watched or only summarised, or the cell does not exist
   */
  explain(part: string, query: number, key: number, head = 0, batch = 0): Pick<Explanation, "allowed" | "reason"> {
    const { call } = this.#rows("explain", part);
    const { sizes } = call;
    checkInteger(`${operation}.explain`, "query", query, 0, sizes.queryLength - 1);
    checkInteger(`${operation}.explain`, "key", key, 0, sizes.keyLength - 1);
    checkInteger(`${operation}.explain`, "head", head, 0, sizes.heads - 1);
    checkInteger(`${operation}.explain`, "batch", batch, 0, sizes.batch - 1);
    return call.explain(batch, head, query, key);
  }

  /**
   * The maps of some queries, with the mask of the call: `queryOffset` is that of the first of them. They know of a sink and of a learned
   * key. A bias of -Infinity does not count as mask.
   *
   * @throws ValueError when the attention was not watched or only summarised, the rows do not exist, or there are more than
   *   2^26 weights (256 MiB)
   */
  async rows(part: string, start: number, end: number): Promise<AttentionMaps> {
    const { call, rows } = this.#rows("rows", part, start, end);
    return mapsOf(call, ...rows);
  }

  /** The maps of all queries. @throws ValueError as {@link rows} */
  async maps(part: string): Promise<AttentionMaps> {
    const { call, rows } = this.#rows("maps", part);
    return mapsOf(call, ...rows);
  }

  /**
   * The summary of every row: entropy, top keys, first key and logSumExp. At most 4 MiB of weights are computed at a time.
   *
   * @throws ValueError when the attention was not watched
   */
  async summary(part: string): Promise<AttentionSummary> {
    const found = this.#find("summary", part);
    if ("summary" in found) return found.summary;
    this.#checkAlive("summary");
    return summarize(found.call, this.#topK);
  }

  /** Frees the kept inputs; the result stays. May be called more than once. */
  dispose(): void {
    this.#isDisposed = true;
    for (const each of this.#watched.values()) if ("call" in each) each.call.dispose();
  }

  #find(method: string, part: string): Watched {
    const found = this.#watched.get(part);
    if (found === undefined) refuse(ValueError, `${operation}.${method}`, "part", `one of ${this.parts.join(", ")}`, describeValue(part));
    return found;
  }

  #checkAlive(method: string): void {
    if (this.#isDisposed) refuse(ValueError, `${operation}.${method}`, "watched attention", "alive", "a disposed one");
  }

  #rows(method: string, part: string, start = 0, end?: number): { call: WatchedCall; rows: [number, number] } {
    const [name, found] = [`${operation}.${method}`, this.#find(method, part)];
    if ("summary" in found) refuse(ValueError, name, "part", "watched with its inputs", "a summary", "leave out summariesOnly");
    this.#checkAlive(method);
    const { queryLength } = found.call.sizes;
    checkInteger(name, "start", start, 0, queryLength);
    const stop = end ?? queryLength;
    checkInteger(name, "end", stop, start, queryLength);
    if (readsWeights.has(method)) checkCount(name, found.call, stop - start);
    return { call: found.call, rows: [start, stop] };
  }
}

function checkCount(name: string, call: WatchedCall, rows: number): void {
  const { batch, heads } = call.sizes;
  const count = batch * heads * rows * call.columns;
  if (count <= maxWeights) return;
  refuse(ValueError, name, "the number of weights", `at most ${maxWeights} (256 MiB)`, count, "read fewer rows, or the summary");
}

async function mapsOf(call: WatchedCall, start: number, end: number): Promise<AttentionMaps> {
  const { batch, heads, queryOffset, keyOffset } = call.sizes;
  const shape = [batch, heads, end - start, call.columns] as const;
  const weights = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (const rows of rowBlocks(call, start, end)) {
    const block = await readBlock(call, rows.start, rows.end);
    copyRows(
      weights,
      block.weights as Float32Array,
      { maps: batch * heads, from: rows.start - start, count: rows.end - rows.start },
      shape,
    );
  }
  const { biasKey, sink } = call.attention;
  const extraKeys = { learnedKey: biasKey !== undefined, sink: sink !== undefined };
  return attentionMaps(weights, shape, { mask: await call.allowed(start, end), queryOffset: queryOffset + start, keyOffset, ...extraKeys });
}

/** Copies a block `[maps, count, columns]` to its rows of `[maps, rows, columns]`. */
function copyRows(
  to: Float32Array,
  block: Float32Array,
  { maps, from, count }: { maps: number; from: number; count: number },
  [, , rows, columns]: readonly [number, number, number, number],
): void {
  for (let map = 0; map < maps; map++) {
    to.set(block.subarray(map * count * columns, (map + 1) * count * columns), (map * rows + from) * columns);
  }
}
