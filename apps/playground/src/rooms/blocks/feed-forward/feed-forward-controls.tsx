import type { JSX } from "preact";
import type { Asked } from "../../../compute/asked.js";
import { ControlForm } from "../../../ui/control-form.js";
import { ExampledText } from "../../../ui/example-texts.js";
import { Choice, choicesOf, FailureLine, Group, Segmented } from "../../../ui/fields.js";
import { SeedField } from "../../../ui/seed-field.js";
import { BlockChoice } from "../block-choice.js";
import type { BlockProps } from "../block-props.js";
import type { FeedForwardPicture } from "./picture.js";
import { type ActivationChoice, activations, expansions, type FeedForwardSettings, feedForwardWidths } from "./settings.js";

interface Props extends Pick<BlockProps, "block" | "choose"> {
  readonly state: Asked<FeedForwardSettings, FeedForwardPicture>;
}

export const activationNames: Record<ActivationChoice, string> = {
  gelu: "GELU",
  geluTanh: "GELU, by tanh",
  silu: "SiLU (Swish)",
  relu: "ReLU",
  relu2: "ReLU²",
  quickGelu: "quick GELU",
  sigmoid: "sigmoid",
  tanh: "tanh",
  identity: "identity",
};

const choices = choicesOf(activations, activationNames);

/** Which network is computed. */
export function FeedForwardControls({ state, block, choose }: Props): JSX.Element {
  const { text, activation, compared, gated, width, expansion, seed } = state.settings.value;
  return (
    <ControlForm label="What is computed">
      <BlockChoice block={block} choose={choose} />
      <ExampledText value={text} failure={state.failureOf("text")} onChange={(value) => state.change({ text: value })} />
      <Group title="Network" summary={`${gated ? "gated, " : ""}${activationNames[activation]}`}>
        <Segmented
          name="form"
          label="Form"
          value={gated ? "gated" : "plain"}
          choices={[
            { value: "plain", label: "Plain" },
            { value: "gated", label: "Gated" },
          ]}
          onChange={(value) => state.change({ gated: value === "gated" })}
        />
        <div class="field-row">
          <Choice label="Activation" value={activation} choices={choices} onChange={(value) => state.change({ activation: value })} />
          <Choice label="beside" value={compared} choices={choices} onChange={(value) => state.change({ compared: value })} />
        </div>
        <Segmented
          name="width"
          label="Width dModel"
          value={width}
          choices={choicesOf(feedForwardWidths)}
          onChange={(value) => state.change({ width: value })}
        />
        <Segmented
          name="expansion"
          label="hiddenDim / dModel"
          value={expansion}
          choices={choicesOf(expansions)}
          onChange={(value) => state.change({ expansion: value })}
        />
        <SeedField seed={seed} onChange={(value) => state.change({ seed: value })} />
      </Group>
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </ControlForm>
  );
}
