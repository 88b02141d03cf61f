import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { formatNumber, visibleToken } from "../../../ui/format.js";
import { Legend } from "../../../ui/legend.js";
import { Panel } from "../../../ui/panel.js";
import { tone } from "../../../ui/theme.js";
import { TokenPicker } from "../../../ui/token-picker.js";
import { VectorStrip } from "../../../ui/vector-strip.js";
import type { FeedForwardPicture, FeedForwardStage } from "./picture.js";

interface TokenPathPanelProps {
  readonly picture: FeedForwardPicture;
  readonly gated: boolean;
  readonly token: number;
  readonly choose: (token: number) => void;
}

/** The vector of one token after every part of the network. */
export function TokenPathPanel({ picture, gated, token, choose }: TokenPathPanelProps): JSX.Element {
  const rows = useMemo(() => picture.stages.map((stage) => rowOf(stage, token)), [picture, token]);
  const scale = useMemo(
    () =>
      signedScale(
        rows.flatMap((row) => [...row]),
        tone.value,
      ),
    [rows, tone.value],
  );
  return (
    <Panel
      id="token-path"
      title={`“${visibleToken(picture.tokens[token]!)}” through the network`}
      teaches={
        gated
          ? "A gated network has two projections to the hidden units. The activation of gate scales the values of up, and the product is projected back."
          : "The vector is projected to the hidden units, the activation is applied, and the result is projected back to dModel."
      }
      question={
        gated
          ? "Find a hidden unit with a large value of up and a gate near 0. How large is their product?"
          : "Choose Gated. Which stage is new, and how many more parameters does the network have?"
      }
    >
      <TokenPicker label="Token" tokens={picture.tokens} token={token} choose={choose} />
      <Legend title="value" scale={scale} masked={undefined} />
      <dl class="vectors">
        {picture.stages.map((stage, index) => (
          <StageRow key={stage.name} stage={stage} values={rows[index]!} scale={scale} />
        ))}
      </dl>
    </Panel>
  );
}

interface StageRowProps {
  readonly stage: FeedForwardStage;
  readonly values: Float32Array;
  readonly scale: ReturnType<typeof signedScale>;
}

function StageRow({ stage, values, scale }: StageRowProps): JSX.Element {
  const [min, max] = [Math.min(...values), Math.max(...values)].map(formatNumber);
  return (
    <div class="vector-row">
      <dt>
        <span class="symbol">{stage.name}</span>{" "}
        <span class="vector-question">
          {stage.formula}; {stage.columns} numbers, {min} to {max}
        </span>
      </dt>
      <dd>
        <VectorStrip label={`${stage.name}, ${stage.columns} numbers from ${min} to ${max}`} values={values} scale={scale} />
      </dd>
    </div>
  );
}

function rowOf({ values, columns }: FeedForwardStage, token: number): Float32Array {
  return values.subarray(token * columns, (token + 1) * columns);
}
