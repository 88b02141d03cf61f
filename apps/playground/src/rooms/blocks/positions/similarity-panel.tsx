import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { LinePlot } from "../../../ui/line-plot.js";
import { Panel } from "../../../ui/panel.js";
import { SliderField } from "../../../ui/slider-field.js";
import { byDistance } from "./by-distance.js";
import type { Encoding } from "./settings.js";
import type { PositionPicture } from "./picture.js";

const teaches: Record<Encoding, string> = {
  sinusoids:
    "The dot product of the rows of two positions, divided by dModel / 2: it is 1 at distance 0 and smaller elsewhere. It depends only on the distance.",
  rotary:
    "The score of a query and a key whose numbers are all 1, by distance. At distance 0 all pairs point in the same direction; with distance, their angles drift apart.",
  alibi: "The bias that is added to a score, by the distance of the key: a line for each head, steeper for the first heads.",
  t5: "The bias that is added to a score, by the distance of the key: one step per bucket, the same for every query.",
};

const questions: Record<Encoding, string> = {
  sinusoids: "Move the query. Does the shape of the curve change, or only its position?",
  rotary: "Increase theta. Does the score of distant keys rise or fall?",
  alibi: "Choose 8 heads. At which distance does each head lower a score by 4?",
  t5: "From which distance on do all keys get the same bias? Change the maximum distance. How does it move?",
};

/** The dot product or bias of one query by the distance of the key. */
export function SimilarityPanel({ picture }: { readonly picture: PositionPicture }): JSX.Element {
  const { length, relations, encoding } = picture;
  const query = useSignal(Math.floor(length / 2));
  const at = Math.min(query.value, length - 1);
  const lines = relations.map(({ name, values }, series) => ({ name, series, values: byDistance(values, length, at).row }));
  const isDot = encoding === "sinusoids" || encoding === "rotary";
  return (
    <Panel
      id="similarity"
      title={isDot ? "Similarity by distance" : "Bias by distance"}
      teaches={teaches[encoding]}
      question={questions[encoding]}
    >
      <SliderField label="Query at position" value={at} min={0} max={length - 1} onChange={(value) => (query.value = value)} />
      <LinePlot
        label={isDot ? "Similarity by distance" : "Bias by distance"}
        xName="distance"
        yName={isDot ? "similarity" : "bias"}
        xs={byDistance(relations[0]!.values, length, at).distances}
        lines={lines}
      />
    </Panel>
  );
}
