import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale, weightScale } from "../../color/color-scale.js";
import { SavedTensorMap } from "../../exports/saved-tensor-map.js";
import type { Saving } from "../../exports/saving.js";
import type { HeatMapData } from "../../ui/draw-heat-map.js";
import { type ExportFile, ExportMenu } from "../../ui/export-menu.js";
import { SliderField } from "../../ui/slider-field.js";
import { Legend } from "../../ui/legend.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { TensorMap } from "../../ui/tensor-map.js";
import { tone } from "../../ui/theme.js";
import type { Box } from "./boxes.js";
import type { LayerPicture, TracedTensor } from "./picture.js";

interface BoxPanelProps {
  readonly picture: LayerPicture;
  readonly box: Box;
  readonly saving: Saving;
}

/** The tensor of the chosen box: its formula, its shape and its numbers. */
export function BoxPanel({ picture, box, saving }: BoxPanelProps): JSX.Element {
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
        <WeightsMap picture={picture} tensor={tensor} saving={saving} />
      ) : (
        <RowsMap key={name} picture={picture} tensor={tensor} box={box} saving={saving} />
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

function RowsMap({ picture, tensor, box: { name }, saving }: BoxPanelProps & { readonly tensor: TracedTensor }): JSX.Element {
  const columns = tensor.shape.at(-1)!;
  const scale = useMemo(() => signedScale(tensor.values, tone.value), [tensor, tone.value]);
  const data = useMemo(() => ({ rows: tensor.values.length / columns, columns, values: tensor.values }), [tensor]);
  return (
    <SavedTensorMap
      saving={saving}
      title={name}
      label={name}
      data={data}
      scale={scale}
      rowNames={picture.tokens}
      rowName="token"
      columnName={name === "up" || name === "gate" || name === "hidden" ? "hidden unit" : "dimension"}
      unit="value"
    />
  );
}

function WeightsMap({ picture, tensor, saving }: Omit<BoxPanelProps, "box"> & { readonly tensor: TracedTensor }): JSX.Element {
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
      <div class="gallery-tools">
        {heads > 1 && <SliderField label="Head" value={head} min={0} max={heads - 1} onChange={(value) => (chosen.value = value)} />}
        <Legend title="weight" scale={scale} masked={picture.allowed.includes(0) ? "masked" : undefined} />
        <ExportMenu what="the weights" files={weightFiles(saving, picture.tokens, data, head)} />
      </div>
      <TensorMap
        label={`Weights of head ${head}`}
        data={data}
        scale={scale}
        rowNames={picture.tokens}
        rowName="query"
        columnName="key"
        columnNames={picture.tokens}
        square
      />
    </>
  );
}

function weightFiles({ exports, subject }: Saving, tokens: readonly string[], data: HeatMapData, head: number): ExportFile[] {
  const { rows, columns, values, allowed = null } = data;
  return exports.ofMap(`weights-h${head}`, {
    title: `${subject}: weights of head ${head}`,
    map: { rows, columns, weights: values, allowed },
    rowTokens: tokens,
    columnTokens: tokens,
    tone: tone.value,
    details: { head },
  });
}
