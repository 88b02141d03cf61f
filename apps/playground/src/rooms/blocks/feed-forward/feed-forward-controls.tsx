import type { JSX } from "preact";
import { Choice, choicesOf, Group, Segmented } from "../../../ui/fields.js";
import { SeedField } from "../../../ui/seed-field.js";
import type { PictureState } from "../../picture-state.js";
import { BlockForm, type BlockFormProps } from "../block-form.js";
import type { FeedForwardPicture } from "./picture.js";
import { type ActivationChoice, activations, expansions, type FeedForwardSettings, feedForwardWidths } from "./settings.js";

type Props = BlockFormProps & { readonly state: PictureState<FeedForwardSettings, FeedForwardPicture> };

export const activationNames: Record<ActivationChoice, string> = {
  gelu: "GELU",
  geluTanh: "GELU (tanh)",
  silu: "SiLU (Swish)",
  relu: "ReLU",
  relu2: "ReLU²",
  quickGelu: "quick GELU",
  sigmoid: "sigmoid",
  tanh: "tanh",
  identity: "identity",
};

const choices = choicesOf(activations, activationNames);

/** The settings of the feed-forward network. */
export function FeedForwardControls(props: Props): JSX.Element {
  const { state } = props;
  const { activation, gated } = state.settings.value;
  return (
    <BlockForm {...props} text={state.field("text")}>
      <Group title="Network" summary={`${gated ? "gated, " : ""}${activationNames[activation]}`}>
        <Segmented
          name="form"
          label="Type"
          value={gated ? "gated" : "plain"}
          choices={choicesOf(["plain", "gated"], { plain: "Plain", gated: "Gated" })}
          onChange={(value) => state.change({ gated: value === "gated" })}
        />
        <div class="field-row">
          <Choice label="Activation" choices={choices} {...state.field("activation")} />
          <Choice label="Compare with" choices={choices} {...state.field("compared")} />
        </div>
        <Segmented label="Width dModel" choices={choicesOf(feedForwardWidths)} {...state.field("width")} />
        <Segmented label="hiddenDim / dModel" choices={choicesOf(expansions)} {...state.field("expansion")} />
        <SeedField {...state.field("seed")} />
      </Group>
    </BlockForm>
  );
}
