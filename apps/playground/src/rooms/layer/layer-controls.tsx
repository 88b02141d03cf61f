import type { JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { TextWithExamples } from "../../ui/example-texts.js";
import { choicesOf, FailureLine, Group, Segmented, Switch } from "../../ui/fields.js";
import { headCount } from "../../ui/format.js";
import { SeedField } from "../../ui/seed-field.js";
import { activations, feedForwards, layerHeads, layerWidths, norms, positionKinds, residuals } from "./settings.js";
import type { LayerState } from "./state.js";

interface Props {
  readonly state: LayerState;
}

const residualNames = { pre: "Pre-norm", post: "Post-norm" };
const positionNames = { sinusoids: "Sinusoids", rotary: "RoPE", none: "None" };
const feedForwardNames = { plain: "Plain", gated: "Gated" };
const activationNames = { gelu: "GELU", silu: "SiLU", relu: "ReLU" };

/** The settings of the layer and its text. */
export function LayerControls({ state }: Props): JSX.Element {
  return (
    <ControlForm label="Settings">
      <section class="control-group group-fields" aria-label="Text">
        <TextWithExamples failure={state.failureOf("text")} {...state.field("text")} />
      </section>
      <ArchitectureFields state={state} />
      <SizeFields state={state} />
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </ControlForm>
  );
}

function ArchitectureFields({ state }: Props): JSX.Element {
  const { residual, norm, feedForward } = state.settings.value;
  return (
    <Group title="Architecture" summary={`${residual}-norm, ${norm}, ${feedForward}`}>
      <Segmented label="Norm placement" choices={choicesOf(residuals, residualNames)} {...state.field("residual")} />
      <Segmented label="Norm" choices={choicesOf(norms)} {...state.field("norm")} />
      <Segmented label="Positions" choices={choicesOf(positionKinds, positionNames)} {...state.field("positions")} />
      <Segmented label="Feed-forward" choices={choicesOf(feedForwards, feedForwardNames)} {...state.field("feedForward")} />
      <Segmented label="Activation" choices={choicesOf(activations, activationNames)} {...state.field("activation")} />
      <Switch label="Causal mask" {...state.field("causal")} />
    </Group>
  );
}

function SizeFields({ state }: Props): JSX.Element {
  const { heads, width, seed } = state.settings.value;
  return (
    <Group title="Sizes" summary={`${headCount(heads)}, dModel ${width}, seed ${seed}`}>
      <Segmented label="Heads" choices={choicesOf(layerHeads)} {...state.field("heads")} />
      <Segmented label="Width dModel" choices={choicesOf(layerWidths)} {...state.field("width")} />
      <SeedField {...state.field("seed")} />
    </Group>
  );
}
