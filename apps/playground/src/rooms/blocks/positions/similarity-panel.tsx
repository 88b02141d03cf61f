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
    "The dot product of two positions' rows: 1 with itself, less with distance. It depends on the distance alone, so “three to the left” looks the same everywhere.",
  rotary:
    "The score of a query and a key whose numbers are all 1, by the distance between them: the pairs agree at distance 0 and fall out of step beyond.",
  alibi: "What is added to a score, by the distance of the key: a straight line down, steeper for the first heads.",
  t5: "What is added to a score, by the distance of the key: a step for each bucket, the same for every query.",
};

const questions: Record<Encoding, string> = {
  sinusoids: "Move the query along. Does the curve change its shape, or only its place?",
  rotary: "Raise theta. Do keys far away agree more or less with the query?",
  alibi: "With 8 heads, at which distance does each head have lowered a score by 4?",
  t5: "From which distance on do all keys get the same bias? Which number in the controls says so?",
};

/** Dot product or bias against distance, seen from a query. */
export function SimilarityPanel({ picture }: { readonly picture: PositionPicture }): JSX.Element {
  const { length, relations, encoding } = picture;
  const query = useSignal(Math.floor(length / 2));
  const at = Math.min(query.value, length - 1);
  const lines = relations.map(({ name, values }, series) => ({ name, series, values: byDistance(values, length, at).row }));
  const isDot = encoding === "sinusoids" || encoding === "rotary";
  return (
    <Panel
      id="similarity"
      title={isDot ? "Similarity against distance" : "Bias against distance"}
      teaches={teaches[encoding]}
      question={questions[encoding]}
    >
      <SliderField label="Query at position" value={at} least={0} most={length - 1} onChange={(value) => (query.value = value)} />
      <LinePlot
        label={isDot ? "Similarity against distance" : "Bias against distance"}
        xName="distance"
        yName={isDot ? "similarity" : "bias"}
        xs={byDistance(relations[0]!.values, length, at).distances}
        lines={lines}
      />
    </Panel>
  );
}
