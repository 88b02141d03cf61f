import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import { SavedPlot } from "../../../ui/saved-plot.js";
import { SliderField } from "../../../ui/slider-field.js";
import { byDistance } from "./by-distance.js";
import type { PositionNumbers } from "./picture.js";

const teaches: Record<PositionNumbers["encoding"], string> = {
  sinusoids:
    "The dot product of the rows of two positions, divided by dModel / 2: it is 1 at distance 0 and smaller elsewhere. It depends only on the distance.",
  rotary:
    "The score of a query and a key whose numbers are all 1, by distance. At distance 0 all pairs point in the same direction; with distance, their angles drift apart.",
  alibi: "The bias that is added to a score, by the distance of the key: a line for each head, steeper for the first heads.",
  t5: "The bias that is added to a score, by the distance of the key: one step per bucket, the same for every query.",
  learned:
    "How alike the vectors of two positions are, as the cosine of the angle between them: 1 for the position itself. Nothing makes a learned table depend only on the distance; training decides.",
};

interface SimilarityPanelProps {
  readonly picture: PositionNumbers;
  readonly question: string | AnsweredQuestion;
}

/** The dot product or bias of one query by the distance of the key. */
export function SimilarityPanel({ picture, question }: SimilarityPanelProps): JSX.Element {
  const { length, relations, encoding } = picture;
  const query = useSignal(Math.floor(length / 2));
  const at = Math.min(query.value, length - 1);
  const lines = relations.map(({ name, values }, series) => ({ name, series, values: byDistance(values, length, at).row }));
  const isBias = encoding === "alibi" || encoding === "t5";
  return (
    <Panel id="similarity" title={isBias ? "Bias by distance" : "Similarity by distance"} teaches={teaches[encoding]} question={question}>
      <SliderField label="Query at position" value={at} min={0} max={length - 1} onChange={(value) => (query.value = value)} />
      <SavedPlot
        name={isBias ? "bias" : "similarity"}
        label={isBias ? "Bias by distance" : "Similarity by distance"}
        xName="distance"
        yName={isBias ? "bias" : "similarity"}
        xs={byDistance(relations[0]!.values, length, at).distances}
        lines={lines}
      />
    </Panel>
  );
}
