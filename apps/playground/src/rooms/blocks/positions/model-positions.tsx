import type { JSX } from "preact";
import { modelsUrl } from "../../../models/models-url.js";
import type { BlockProps } from "../block-props.js";
import { ModelFrame } from "../model-frame.js";
import { EncodingPanel } from "./encoding-panel.js";
import { MatrixPanel } from "./matrix-panel.js";
import type { PositionNumbers } from "./picture.js";
import { SimilarityPanel } from "./similarity-panel.js";

type Questions = Readonly<Record<"encoding" | "similarity", string>>;

const general: Questions = {
  encoding: "Choose another layer. Does it have the same positions?",
  similarity: "Move the query. Does the shape of the curve change, or only its position?",
};

/** What to look for in a model. */
const questions: Partial<Record<PositionNumbers["encoding"], Questions>> = {
  rotary: {
    encoding: "Which is the last pair that makes a full turn within the text?",
    similarity: "From which distance on does the score stop falling?",
  },
  t5: {
    encoding: "Which distances does each head prefer, and which does it avoid?",
    similarity: "Which heads look near, and which far away?",
  },
  learned: {
    encoding: "Do neighbouring rows look alike? Compare with a model before training.",
    similarity: "Move the query. Are its neighbours the positions that are most like it?",
  },
};

/** How a layer of the chosen model learns where its tokens stand. */
export function ModelPositions({ compute, workspace, linkTo, exports }: BlockProps): JSX.Element {
  return (
    <ModelFrame<PositionNumbers>
      compute={compute}
      workspace={workspace}
      linkTo={linkTo}
      exports={exports}
      ask={(blocks, request) => blocks.modelPositions(modelsUrl, request)}
    >
      {(picture, saving) => {
        const { encoding, similarity } = questions[picture.encoding] ?? general;
        return (
          <>
            <EncodingPanel picture={picture} saving={saving} question={encoding} />
            <SimilarityPanel key={picture.encoding} picture={picture} question={similarity} />
            <MatrixPanel picture={picture} saving={saving} />
          </>
        );
      }}
    </ModelFrame>
  );
}
