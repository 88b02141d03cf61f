/** A block of the chosen model, or a sentence that says why the model has none. */
export type ModelBlock<Picture> =
  | {
      /** What the block of this model is like, in a sentence or two. */
      readonly about: string;
      readonly picture: Picture;
    }
  | { readonly absent: string };
