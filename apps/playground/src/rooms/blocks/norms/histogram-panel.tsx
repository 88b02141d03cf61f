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

/** The numbers of one token's vector before and after, as histograms over the same bins. */
export function HistogramPanel({ picture, token, choose }: HistogramPanelProps): JSX.Element {
  const { middles, shares } = useMemo(() => {
    const rows = picture.stages.map(({ values }) => values.subarray(token * picture.width, (token + 1) * picture.width));
    return histogram(rows, bins);
  }, [picture, token]);
  return (
    <Panel
      id="histogram"
      title={`The ${picture.width} numbers of “${visibleToken(picture.tokens[token]!)}”`}
      teaches="How a token's numbers are spread: LayerNorm moves the heap to 0 and makes it one deviation wide, RMSNorm squeezes it toward 0 and leaves it on its side."
      question="Set “then plus” to 0. Why do the two norms now nearly agree? And why do they not with one dimension far larger?"
    >
      <TokenPicker label="Token" tokens={picture.tokens} token={token} choose={choose} />
      <LinePlot
        label="Share of the numbers by their value"
        xName="value"
        yName="share"
        xs={middles}
        lines={picture.stages.map(({ name }, series) => ({ name, series, values: shares[series]! }))}
      />
    </Panel>
  );
}
