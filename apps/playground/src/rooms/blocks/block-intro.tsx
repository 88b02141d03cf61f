import type { JSX } from "preact";
import type { BlockName } from "./block-names.js";

const intros: Record<BlockName, { readonly title: string; readonly words: JSX.Element }> = {
  positions: {
    title: "Positional encodings",
    words: (
      <>
        Attention itself does not depend on the order of the tokens. There are several ways to add it: add a <em>sinusoid</em> or a learned
        vector to each token, <em>rotate</em> queries and keys by an angle, lower the scores by the <em>distance</em>, or learn a bias for
        each <em>bucket</em> of distances.
      </>
    ),
  },
  norms: {
    title: "Normalisation",
    words: (
      <>
        Every layer adds to the vector of a token, so its numbers tend to grow from layer to layer. A norm rescales every vector before a
        sublayer reads it: <em>LayerNorm</em> subtracts the mean and divides by the standard deviation; <em>RMSNorm</em> only divides by the
        root mean square.
      </>
    ),
  },
  feedForward: {
    title: "The feed-forward network",
    words: (
      <>
        Attention mixes tokens; the feed-forward network processes each token separately. It projects the vector to many hidden units,
        applies an <em>activation</em> to each of them, and projects them back. A <em>gated</em> network multiplies every hidden unit by a
        second projection.
      </>
    ),
  },
};

/** What a block does, in a few sentences. */
export function BlockIntro({ block }: { readonly block: BlockName }): JSX.Element {
  const { title, words } = intros[block];
  return (
    <div class="room-intro">
      <h1>{title}</h1>
      <p>{words}</p>
    </div>
  );
}
