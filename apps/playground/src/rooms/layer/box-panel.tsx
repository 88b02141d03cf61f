import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale, weightScale } from "../../color/color-scale.js";
import { SliderField } from "../../ui/slider-field.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { TensorMap } from "../../ui/tensor-map.js";
import { tone } from "../../ui/theme.js";
import { type BoxName, describeBox } from "./boxes.js";
import type { LayerPicture, TracedTensor } from "./picture.js";
import type { LayerAnswer } from "./state.js";

/** The tensor of the open box: its formula, its shape, its numbers. */
export function BoxPanel({ answer: { picture, settings }, open }: { readonly answer: LayerAnswer; readonly open: BoxName }): JSX.Element {
  const { title, formula, says } = describeBox(open, settings);
  const tensor = picture.traced[open]!;
  return (
    <Panel id="box" title={title === "+" ? "The sum" : title} teaches={says} question={questionOf(open)}>
      <dl class="tensor-facts" aria-live="polite">
        <Fact name="formula" value={formula} />
        <Fact name="shape" value={`[${tensor.shape.join(", ")}]`} />
        <Fact name="least" value={formatNumber(tensor.min)} />
        <Fact name="mean" value={formatNumber(Math.abs(tensor.mean) < 1e-6 ? 0 : tensor.mean)} />
        <Fact name="most" value={formatNumber(tensor.max)} />
      </dl>
      {open === "weights" ? (
        <WeightsMap picture={picture} tensor={tensor} />
      ) : (
        <RowsMap key={open} picture={picture} tensor={tensor} open={open} />
      )}
    </Panel>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function RowsMap({
  picture,
  tensor,
  open,
}: {
  readonly picture: LayerPicture;
  readonly tensor: TracedTensor;
  readonly open: BoxName;
}): JSX.Element {
  const columns = tensor.shape.at(-1)!;
  const scale = useMemo(() => signedScale(tensor.values, tone.value), [tensor, tone.value]);
  const data = useMemo(() => ({ rows: tensor.values.length / columns, columns, values: tensor.values }), [tensor]);
  return (
    <TensorMap
      label={open}
      data={data}
      scale={scale}
      rowNames={picture.tokens}
      rowName="token"
      columnName={open === "up" || open === "gate" || open === "hidden" ? "hidden number" : "dimension"}
      legend="value"
    />
  );
}

function WeightsMap({ picture, tensor }: { readonly picture: LayerPicture; readonly tensor: TracedTensor }): JSX.Element {
  const chosen = useSignal(0);
  const [heads, length] = [tensor.shape[1]!, picture.tokens.length];
  const head = Math.min(chosen.value, heads - 1);
  const scale = useMemo(() => weightScale("blues", tone.value), [tone.value]);
  const data = useMemo(() => {
    const values = tensor.values.subarray(head * length * length, (head + 1) * length * length);
    return { rows: length, columns: length, values, allowed: picture.allowed };
  }, [picture, tensor, head]);
  return (
    <>
      {heads > 1 && <SliderField label="Head" value={head} least={0} most={heads - 1} onChange={(value) => (chosen.value = value)} />}
      <TensorMap
        label={`weights of head ${head}`}
        data={data}
        scale={scale}
        rowNames={picture.tokens}
        rowName="query"
        columnName="key"
        columnNames={picture.tokens}
        legend="weight"
        square
      />
    </>
  );
}

function questionOf(open: BoxName): string {
  switch (open) {
    case "embedding":
    case "position":
    case "input":
      return "Use the second example, where words occur twice. In which of the first boxes are their rows equal?";
    case "attentionNorm":
    case "feedForwardNorm":
      return "Open the box before and this one. Which of least, mean and most did the norm change, and to what?";
    case "weights":
      return "Switch off the causal mask. Which cells were forbidden, and whose weight goes there now?";
    case "query":
    case "key":
    case "value":
      return "Choose RoPE as positions. Which of Q, K and V change, and why not the third?";
    case "context":
    case "output":
      return "The first token under a causal mask sees itself alone. Which row of V is its row of weights · V?";
    case "gate":
    case "up":
    case "hidden":
    case "down":
      return "Choose ReLU. How many hidden numbers of a row are exactly 0?";
    default:
      return "Compare the most here with that of the sum before. Does the stream grow from sublayer to sublayer?";
  }
}
