import { MultiHeadAttention } from "@tfblocks/attention";
import { checkInteger, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/**
 * A place in a model where a tensor can be read or changed: the first input or the output of a part, or some of its columns
 * and positions. The tensor is `[batch, length, width]`.
 */
export interface Site {
  /** The dotted name of the part, as in `replaceParts`; `*` matches one word. */
  readonly part: string;
  readonly side: "input" | "output";
  /** The columns of the last axis; default all. */
  readonly columns?: Columns | undefined;
  /** The positions, as indices of the length axis; default all. */
  readonly positions?: readonly number[] | undefined;
  /** For a site of heads: how many heads the columns belong to, in this order. */
  readonly heads?: ((operation: string, owner: unknown) => number) | undefined;
}

/**
 * The columns of a site, as indices of the last axis. `operation` is named in errors; `owner` is the block that contains the part,
 * `width` the size of the axis.
 */
export type Columns = (operation: string, owner: unknown, width: number) => readonly number[];

/** One index, or several. */
export type Indices = number | readonly number[];

/** Whether a value is a site. */
export function isSite(value: unknown): value is Site {
  const { part, side } = (value ?? {}) as Partial<Site>;
  return typeof part === "string" && (side === "input" || side === "output");
}

/**
 * The first input of a part, for example of the layer `"layers.3"`: the residual stream before it. A self-attention receives
 * the same tensor as query, key and value, and an edit changes all three.
 *
 * @throws ValueError when the name is not a string, or empty. A part that does not exist is refused when the site is used
 */
export function inputOf(part: string): Site {
  return { part: checkedName("inputOf", part), side: "input" };
}

/** The output of a part. For an attention or a layer, which return an object, its `output`. @throws as {@link inputOf} */
export function outputOf(part: string): Site {
  return { part: checkedName("outputOf", part), side: "output" };
}

/**
 * The outputs of attention heads, before the output projection: heads × valueDim columns.
 *
 * @param attention the name of a `MultiHeadAttention`, for example `"layers.0.attention"`
 * @param heads default every head
 * @throws ValueError when a head is not an integer ≥ 0. A head that does not exist is refused when the site is used
 */
export function headsOf(attention: string, heads?: Indices): Site {
  return perHead("headsOf", "input", `${checkedName("headsOf", attention)}.output`, heads, "numHeads");
}

/** The queries of attention heads, before norm and rotation: heads × headDim columns of the query projection's output. @throws as {@link headsOf} */
export function queriesOf(attention: string, heads?: Indices): Site {
  return perHead("queriesOf", "output", `${checkedName("queriesOf", attention)}.query`, heads, "numHeads");
}

/**
 * The keys of key-value heads, before norm and rotation. Several heads share a key-value head if `numKvHeads` < `numHeads`.
 *
 * @throws as {@link headsOf}
 */
export function keysOf(attention: string, kvHeads?: Indices): Site {
  return perHead("keysOf", "output", `${checkedName("keysOf", attention)}.key`, kvHeads, "numKvHeads");
}

/** The values of key-value heads, which are shared as in {@link keysOf}. @throws as {@link headsOf} */
export function valuesOf(attention: string, kvHeads?: Indices): Site {
  return perHead("valuesOf", "output", `${checkedName("valuesOf", attention)}.value`, kvHeads, "numKvHeads");
}

/**
 * The hidden activations of a feed-forward network, before its `down` projection.
 *
 * @param feedForward the name of the network, for example `"layers.0.feedForward"`
 * @param neurons default every neuron
 * @throws ValueError when a neuron is not an integer ≥ 0. A neuron that does not exist is refused when the site is used
 */
export function neuronsOf(feedForward: string, neurons?: Indices): Site {
  const part = `${checkedName("neuronsOf", feedForward)}.down`;
  if (neurons === undefined) return { part, side: "input" };
  const indices = checkedIndices("neuronsOf", "neurons", neurons);
  return { part, side: "input", columns: (operation, _owner, width) => inRange(operation, "neurons", indices, width) };
}

/**
 * A site at some positions only.
 *
 * @param positions indices of the length axis from 0; with a cache, of the new tokens
 * @throws ValueError when a position is not an integer ≥ 0, or is there twice
 */
export function atPositions(site: Site, positions: Indices): Site {
  checkSite("atPositions", site);
  return { ...site, positions: checkedIndices("atPositions", "positions", positions) };
}

/** @throws ValueError when the value is not a site, for example the name of a part */
export function checkSite(operation: string, site: unknown): void {
  const { part, side } = (site ?? {}) as Partial<Site>;
  if (typeof part === "string" && (side === "input" || side === "output")) return;
  const advice = typeof site === "string" ? `pass outputOf(${JSON.stringify(site)})` : "make one, for example with outputOf";
  refuse(ValueError, operation, "site", "a site", describeValue(site), advice);
}

function perHead(operation: string, side: Site["side"], part: string, heads: Indices | undefined, count: HeadCount): Site {
  if (heads === undefined) return { part, side, heads: (caller, owner) => headCount(caller, part, owner, count) };
  const indices = checkedIndices(operation, "heads", heads);
  const columns: Columns = (caller, owner, width) => {
    const total = headCount(caller, part, owner, count);
    const headWidth = width / total;
    return inRange(caller, "heads", indices, total).flatMap((head) =>
      Array.from({ length: headWidth }, (_, column) => head * headWidth + column),
    );
  };
  return { part, side, columns, heads: () => indices.length };
}

type HeadCount = "numHeads" | "numKvHeads";

/** @throws ValueError when the part does not belong to an attention, for example `"layers.0"` instead of `"layers.0.attention"` */
function headCount(operation: string, part: string, owner: unknown, count: HeadCount): number {
  if (owner instanceof MultiHeadAttention) return owner[count];
  return refuse(ValueError, operation, `the owner of "${part}"`, "a MultiHeadAttention, because the site has heads", describeValue(owner));
}

/** @throws ValueError when a name is not a string, or empty */
export function checkedName(operation: string, part: unknown): string {
  if (typeof part === "string" && part !== "") return part;
  return refuse(ValueError, operation, "part", 'the name of a part, for example "layers.0.attention"', describeValue(part));
}

function checkedIndices(operation: string, argument: string, indices: Indices): readonly number[] {
  const list = [indices].flat();
  for (const index of list) checkInteger(operation, argument, index, 0);
  const twice = list.find((index, at) => list.indexOf(index) < at);
  if (twice !== undefined) refuse(ValueError, operation, argument, "different indices", `${twice} twice`);
  return list;
}

/** @throws ValueError when an index is not below `size` */
export function inRange(operation: string, argument: string, indices: readonly number[], size: number): readonly number[] {
  for (const index of indices) checkInteger(operation, argument, index, 0, size - 1);
  return indices;
}
