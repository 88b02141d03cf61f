import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { visibleToken } from "../../../ui/format.js";
import { LinePlot } from "../../../ui/line-plot.js";
import { Panel } from "../../../ui/panel.js";
import { TokenPicker } from "../../../ui/token-picker.js";
import { histogram } from "./histogram.js";
import type { NormPicture } from "./picture.js";

interface HistogramPanelProps {
  readonly picture: NormPicture;
  readonly token: number;
  readonly choose: (token: number) => void;
}

const bins = 24;

/** The distribution of the numbers of one token before and after the norms. */
export function HistogramPanel({ picture, token, choose }: HistogramPanelProps): JSX.Element {
  const { middles, shares } = useMemo(() => {
    const rows = picture.stages.map(({ values }) => values.subarray(token * picture.width, (token + 1) * picture.width));
    return histogram(rows, bins);
  }, [picture, token]);
  return (
    <Panel
      id="histogram"
      title={`The ${picture.width} numbers of “${visibleToken(picture.tokens[token]!)}”`}
      teaches="How the numbers of a token are distributed. LayerNorm gives them mean 0 and standard deviation 1; RMSNorm only rescales them to a root mean square of 1."
      question="Set “Then add” to 0. Why do the two norms almost agree? Why do they differ when there is an outlier?"
    >
      <TokenPicker label="Token" tokens={picture.tokens} token={token} choose={choose} />
      <LinePlot
        label="Share of the numbers by value"
        xName="value"
        yName="share"
        xs={middles}
        lines={picture.stages.map(({ name }, series) => ({ name, series, values: shares[series]! }))}
      />
    </Panel>
  );
}
