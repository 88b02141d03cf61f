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

interface WayPanelProps {
  readonly picture: FeedForwardPicture;
  readonly gated: boolean;
  readonly token: number;
  readonly choose: (token: number) => void;
}

/** One token's way through the network, stage by stage. */
export function WayPanel({ picture, gated, token, choose }: WayPanelProps): JSX.Element {
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
      id="way"
      title={`The way of “${visibleToken(picture.tokens[token]!)}”`}
      teaches={
        gated
          ? "A gated network widens twice: one half says what would pass, the other, through the activation, how much of it may. Their product goes on."
          : "The vector is widened, the activation silences what is negative, and what is left is narrowed to the old width."
      }
      question={
        gated
          ? "Find a hidden number with a large up whose gate is near 0. What is left of it?"
          : "Switch to Gated. Which stage is new, and how many more parameters does the network have?"
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
  const [least, most] = [Math.min(...values), Math.max(...values)].map(formatNumber);
  return (
    <div class="vector-row">
      <dt>
        <span class="symbol">{stage.name}</span>{" "}
        <span class="vector-question">
          {stage.formula}; {stage.columns} numbers, {least} to {most}
        </span>
      </dt>
      <dd>
        <VectorStrip label={`${stage.name}, ${stage.columns} numbers from ${least} to ${most}`} values={values} scale={scale} />
      </dd>
    </div>
  );
}

function rowOf({ values, columns }: FeedForwardStage, token: number): Float32Array {
  return values.subarray(token * columns, (token + 1) * columns);
}
