import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale, weightScale } from "../../color/color-scale.js";
import { SliderField } from "../../ui/slider-field.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { TensorMap } from "../../ui/tensor-map.js";
import { tone } from "../../ui/theme.js";
import type { Box } from "./boxes.js";
import type { LayerPicture, TracedTensor } from "./picture.js";

interface BoxPanelProps {
  readonly picture: LayerPicture;
  readonly box: Box;
}

/** The tensor of the chosen box: its formula, its shape and its numbers. */
export function BoxPanel({ picture, box }: BoxPanelProps): JSX.Element {
  const { name, title, formula, description, question } = box;
  const tensor = picture.traced[name]!;
  return (
    <Panel id="box" title={title === "+" ? "The sum" : title} teaches={description} question={question}>
      <dl class="tensor-facts" aria-live="polite">
        <Fact name="formula" value={formula} />
        <Fact name="shape" value={`[${tensor.shape.join(", ")}]`} />
        <Fact name="min" value={formatNumber(tensor.min)} />
        <Fact name="mean" value={formatNumber(Math.abs(tensor.mean) < 1e-6 ? 0 : tensor.mean)} />
        <Fact name="max" value={formatNumber(tensor.max)} />
      </dl>
      {name === "weights" ? (
        <WeightsMap picture={picture} tensor={tensor} />
      ) : (
        <RowsMap key={name} picture={picture} tensor={tensor} box={box} />
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

function RowsMap({ picture, tensor, box: { name } }: BoxPanelProps & { readonly tensor: TracedTensor }): JSX.Element {
  const columns = tensor.shape.at(-1)!;
  const scale = useMemo(() => signedScale(tensor.values, tone.value), [tensor, tone.value]);
  const data = useMemo(() => ({ rows: tensor.values.length / columns, columns, values: tensor.values }), [tensor]);
  return (
    <TensorMap
      label={name}
      data={data}
      scale={scale}
      rowNames={picture.tokens}
      rowName="token"
      columnName={name === "up" || name === "gate" || name === "hidden" ? "hidden unit" : "dimension"}
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
      {heads > 1 && <SliderField label="Head" value={head} min={0} max={heads - 1} onChange={(value) => (chosen.value = value)} />}
      <TensorMap
        label={`Weights of head ${head}`}
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
