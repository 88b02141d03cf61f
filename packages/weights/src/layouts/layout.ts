import type { TransformName } from "./transforms.js";

/**
 * Maps entries of a foreign state dict to entries of ours. Names may contain `{i}`, the number of a layer, or `{j}`, the number
 * of a decoder's layer where there is also an encoder. Shapes are words, as in `checkShapes`: a word stands for the same size
 * throughout a state dict.
 */
export interface Rule {
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
  /** The shape of each of `ours`, for example `["queryDim dModel", "kvDim dModel", "kvDim dModel"]`. */
  readonly shapes: readonly string[];
  /** How the tensors are rearranged; default `"same"`: each of theirs is one of ours. */
  readonly transform?: TransformName;
  /**
   * Whether the entries may be absent, for example biases that some models do not have. A string names the flag that decides:
   * with `"attentionBias"` they are required where the flag is true, refused where it is false, and optional where it is not given.
   */
  readonly optional?: true | string;
}

/** Alternative rules; the first that fits applies. */
export interface Choice {
  readonly oneOf: readonly Rule[];
}

/** How a foreign state dict is laid out, as data that `fromLayout` and `toLayout` apply in either direction. */
export interface Layout {
  readonly name: string;
  /** The prefix of the names of the body where it is part of a larger model, for example `"transformer."`; may be empty. */
  readonly prefix: string;
  /** Rules for names that may have the prefix. */
  readonly body: readonly (Rule | Choice)[];
  /** Rules for names that never have it. */
  readonly head?: readonly (Rule | Choice)[];
  /** The names of the output head and of the token embedding, which may be one tensor. The head is then left out of our state dict. */
  readonly tied?: { readonly head: string; readonly embedding: string };
  /** The names of the head's bias where the head is tied and where it is not. A file may hold both, of which the other has no effect. */
  readonly headBias?: { readonly tied: string; readonly untied: string };
  /** Names of buffers and copies, which are skipped, with or without the prefix. `{i}` stands for the number of any layer. */
  readonly ignored?: readonly string[];
  /** Other names of entries by their endings, for example `{ ".gamma": ".weight" }`; they are read but never written. */
  readonly renamed?: Readonly<Record<string, string>>;
}
