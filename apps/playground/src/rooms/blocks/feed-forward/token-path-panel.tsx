import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { figureFiles } from "../../../exports/figure-files.js";
import { type ExportFile, ExportMenu } from "../../../ui/export-menu.js";
import { formatNumber, visibleToken } from "../../../ui/format.js";
import { Legend } from "../../../ui/legend.js";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import { tone } from "../../../ui/theme.js";
import { TokenPicker } from "../../../ui/token-picker.js";
import { VectorStrip } from "../../../ui/vector-strip.js";
import type { FeedForwardNumbers, FeedForwardStage } from "./picture.js";

interface TokenPathPanelProps {
  readonly picture: FeedForwardNumbers;
  readonly question: string | AnsweredQuestion;
  readonly token: number;
  readonly choose: (token: number) => void;
}

/** The vector of one token after every part of the network. */
export function TokenPathPanel({ picture, question, token, choose }: TokenPathPanelProps): JSX.Element {
  const rows = useMemo(() => picture.stages.map((stage) => rowOf(stage, token)), [picture, token]);
  const scale = useMemo(
    () =>
      signedScale(
        rows.flatMap((row) => [...row]),
        tone.value,
      ),
    [rows, tone.value],
  );
  const files = useMemo(() => pathFiles(picture, rows, token), [picture, rows, token]);
  return (
    <Panel
      id="token-path"
      title={`“${visibleToken(picture.tokens[token]!)}” through the network`}
      teaches={
        picture.isGated
          ? "A gated network has two projections to the hidden units. The activation of gate scales the values of up, and the product is projected back."
          : "The vector is projected to the hidden units, the activation is applied, and the result is projected back to dModel."
      }
      question={question}
    >
      <TokenPicker label="Token" tokens={picture.tokens} token={token} choose={choose} />
      <div class="gallery-tools">
        <ExportMenu what="the path" files={files} />
      </div>
      <div class="token-path">
        <Legend title="value" scale={scale} masked={undefined} />
        <dl class="vectors">
          {picture.stages.map((stage, index) => (
            <StageRow key={stage.name} stage={stage} values={rows[index]!} scale={scale} />
          ))}
        </dl>
      </div>
    </Panel>
  );
}

/** The strips as they are seen, and their numbers. */
function pathFiles({ stages, tokens }: FeedForwardNumbers, rows: readonly Float32Array[], token: number): ExportFile[] {
  const path = stages.map(({ name, formula }, index) => ({ name, formula, values: Array.from(rows[index]!) }));
  return figureFiles({
    name: "token-path",
    figure: "#token-path .token-path",
    titles: ".vector-row dt, .legend-title, .legend-ticks span",
    data: { version: 1, token: tokens[token], position: token, stages: path },
    rows: [["stage", "index", "value"], ...path.flatMap(({ name, values }) => values.map((value, index) => [name, index, value]))],
  });
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
