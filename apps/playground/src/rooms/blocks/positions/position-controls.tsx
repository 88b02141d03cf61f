import type { JSX } from "preact";
import { Choice, choicesOf, Group, NumberField, Segmented, Switch } from "../../../ui/fields.js";
import { SeedField } from "../../../ui/seed-field.js";
import { BlockForm } from "../block-form.js";
import {
  bucketCounts,
  encodingNames,
  encodings,
  headCounts,
  longest,
  pairings,
  type Scaling,
  scalings,
  thetas,
  widths,
} from "./settings.js";
import type { PositionState } from "./state.js";

const pairingNames = { half: "i, i + half", interleaved: "2i, 2i + 1" };
const scalingNames: Record<Scaling, string> = {
  none: "none",
  linear: "linear (divides positions)",
  ntk: "NTK-aware (larger base)",
  dynamic: "dynamic NTK (depends on length)",
  yarn: "YaRN (slow pairs only)",
  llama3: "Llama 3 (by wavelength)",
};

interface Props {
  readonly state: PositionState;
}

/** The settings of the positional encoding. */
export function PositionControls({ state }: Props): JSX.Element {
  const { encoding, length } = state.settings.value;
  return (
    <BlockForm state={state}>
      <Segmented label="Encoding" choices={choicesOf(encodings, encodingNames)} {...state.field("encoding")} />
      <Group title="Sizes" summary={`${length} positions`}>
        <NumberField label="Positions" min={2} max={longest} {...state.field("length")} />
        {encoding === "sinusoids" || encoding === "rotary" ? <FrequencyFields state={state} /> : <BiasFields state={state} />}
      </Group>
      {encoding === "rotary" && <ScalingFields state={state} />}
    </BlockForm>
  );
}

function FrequencyFields({ state }: Props): JSX.Element {
  const { encoding, theta } = state.settings.value;
  const rotary = encoding === "rotary";
  return (
    <>
      <Segmented label={rotary ? "Width headDim" : "Width dModel"} choices={choicesOf(widths)} {...state.field("width")} />
      <Choice
        label={rotary ? "Base theta" : "Base"}
        value={String(theta)}
        choices={thetas.map((value) => ({ value: String(value), label: value.toLocaleString("en") }))}
        onChange={(value) => state.change({ theta: Number(value) })}
      />
      {rotary && <Segmented label="Pairs of dimensions" choices={choicesOf(pairings, pairingNames)} {...state.field("pairing")} />}
    </>
  );
}

function ScalingFields({ state }: Props): JSX.Element {
  const { scaling } = state.settings.value;
  return (
    <Group title="Scaling" summary={scaling}>
      <Choice label="For longer texts" choices={choicesOf(scalings, scalingNames)} {...state.field("scaling")} />
      {scaling !== "none" && (
        <div class="field-row">
          <NumberField label="Factor" min={1} max={32} {...state.field("factor")} />
          <NumberField
            label="Trained length"
            min={2}
            max={longest}
            disabled={scaling === "linear" || scaling === "ntk"}
            {...state.field("trained")}
          />
        </div>
      )}
    </Group>
  );
}

function BiasFields({ state }: Props): JSX.Element {
  return (
    <>
      <Segmented label="Heads" choices={choicesOf(headCounts)} {...state.field("heads")} />
      {state.settings.value.encoding === "t5" && (
        <>
          <Segmented label="Buckets" choices={choicesOf(bucketCounts)} {...state.field("buckets")} />
          <NumberField label="Maximum distance" min={33} max={1024} {...state.field("maxDistance")} />
          <Switch label="Separate buckets for later keys" {...state.field("bidirectional")} />
          <SeedField {...state.field("seed")} />
        </>
      )}
    </>
  );
}
