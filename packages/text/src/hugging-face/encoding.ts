/** A text as a model takes it. */
export interface Encoding {
  readonly ids: readonly number[];
  /** 0 for tokens of the first text and 1 for those of the second, or what the file's template says. */
  readonly typeIds: readonly number[];
  /** 1 for tokens, and 0 for padding. */
  readonly attentionMask: readonly number[];
  /** 1 for tokens that the post-processor or the padding adds, and 0 for those of the text. */
  readonly specialTokensMask: readonly number[];
}

/** A stretch of an encoding, before padding. */
export interface Stretch {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
  readonly isSpecial: boolean;
}

export const stretch = (ids: readonly number[], typeId: number, isSpecial = false): Stretch => ({
  ids,
  typeIds: ids.map(() => typeId),
  isSpecial,
});

/** The stretches one after another. */
export function joinedEncoding(stretches: readonly Stretch[]): Encoding {
  const ids = stretches.flatMap((each) => each.ids);
  return {
    ids,
    typeIds: stretches.flatMap(({ typeIds }) => typeIds),
    attentionMask: ids.map(() => 1),
    specialTokensMask: stretches.flatMap((each) => each.ids.map(() => (each.isSpecial ? 1 : 0))),
  };
}
