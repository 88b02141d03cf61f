import type { TransformName } from "./transforms.js";

/**
 * Which entries of a foreign state dict make which of ours. Names may hold `{i}`, the number of a layer, or `{j}`, that
 * of a decoder's layer beside an encoder. Shapes are words as in `checkShapes`: a word stands for one size throughout a
 * state dict.
 */
export interface Rule {
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
  /** Of each of `ours`, as `["queryDim dModel", "kvDim dModel", "kvDim dModel"]`. */
  readonly shapes: readonly string[];
  /** What turns theirs into ours: default `same`, one entry each. */
  readonly transform?: TransformName;
  /** May be absent, as biases are from some models. */
  readonly optional?: true;
}

/** Rules of which the first that fits is taken. */
export interface Choice {
  readonly oneOf: readonly Rule[];
}

/** How a foreign state dict is laid out: data, to be read both ways by `fromLayout` and `toLayout`. */
export interface Layout {
  readonly name: string;
  /** What stands before the names of the body where it is part of a larger model, as `"transformer."`; none when empty. */
  readonly prefix: string;
  /** Names that may have the prefix. */
  readonly body: readonly (Rule | Choice)[];
  /** Names that never have it. */
  readonly head?: readonly (Rule | Choice)[];
  /** A head that may be the embedding's weight, under its two names; it is then no entry of ours. */
  readonly tied?: { readonly head: string; readonly embedding: string };
  /** Buffers and copies that hold no weights of their own, with or without the prefix. `{i}` is the number of any layer. */
  readonly ignored?: readonly string[];
  /** Other names of entries, by their endings, as `{ ".gamma": ".weight" }`; they are read but not written. */
  readonly renamed?: Readonly<Record<string, string>>;
}
