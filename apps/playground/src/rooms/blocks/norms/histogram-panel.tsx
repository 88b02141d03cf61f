import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { visibleToken } from "../../../ui/format.js";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import { SavedPlot } from "../../../ui/saved-plot.js";
import { TokenPicker } from "../../../ui/token-picker.js";
import { histogram } from "./histogram.js";
import type { NormStages } from "./picture.js";

interface HistogramPanelProps {
  readonly picture: NormStages;
  readonly question: string | AnsweredQuestion;
  readonly token: number;
  readonly choose: (token: number) => void;
}

const bins = 24;

/** The distribution of the numbers of one token at every stage. */
export function HistogramPanel({ picture, question, token, choose }: HistogramPanelProps): JSX.Element {
  const { middles, shares } = useMemo(() => {
    const rows = picture.stages.map(({ values }) => values.subarray(token * picture.width, (token + 1) * picture.width));
    return histogram(rows, bins);
  }, [picture, token]);
  return (
    <Panel
      id="histogram"
      title={`The ${picture.width} numbers of “${visibleToken(picture.tokens[token]!)}”`}
      teaches="How the numbers of a token are distributed. LayerNorm gives them mean 0 and standard deviation 1; RMSNorm only rescales them to a root mean square of 1."
      question={question}
    >
      <TokenPicker label="Token" tokens={picture.tokens} token={token} choose={choose} />
      <SavedPlot
        name="histogram"
        label="Share of the numbers by value"
        xName="value"
        yName="share"
        xs={middles}
        lines={picture.stages.map(({ name }, series) => ({ name, series, values: shares[series]! }))}
      />
    </Panel>
  );
}
