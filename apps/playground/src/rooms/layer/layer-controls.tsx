import type { JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { ExampledText } from "../../ui/example-texts.js";
import { choicesOf, FailureLine, Group, Segmented, Switch } from "../../ui/fields.js";
import { SeedField } from "../../ui/seed-field.js";
import { layerHeads, layerWidths } from "./settings.js";
import type { LayerState } from "./state.js";

interface Props {
  readonly state: LayerState;
}

/** Which layer is computed, over which text. */
export function LayerControls({ state }: Props): JSX.Element {
  const { text } = state.settings.value;
  return (
    <ControlForm label="What is computed">
      <section class="control-group group-fields" aria-label="Text">
        <ExampledText value={text} failure={state.failureOf("text")} onChange={(value) => state.change({ text: value })} />
      </section>
      <FormFields state={state} />
      <SizeFields state={state} />
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </ControlForm>
  );
}

function FormFields({ state }: Props): JSX.Element {
  const { residual, norm, positions, feedForward, activation, causal } = state.settings.value;
  return (
    <Group title="Form" summary={`${residual}-norm, ${norm}, ${feedForward}`}>
      <Segmented
        name="residual"
        label="Norm before or after"
        value={residual}
        choices={[
          { value: "pre", label: "Pre-norm" },
          { value: "post", label: "Post-norm" },
        ]}
        onChange={(value) => state.change({ residual: value })}
      />
      <Segmented
        name="norm"
        label="Norm"
        value={norm}
        choices={choicesOf(["LayerNorm", "RMSNorm"])}
        onChange={(value) => state.change({ norm: value })}
      />
      <Segmented
        name="positions"
        label="Positions"
        value={positions}
        choices={[
          { value: "sinusoids", label: "Sinusoids" },
          { value: "rotary", label: "RoPE" },
          { value: "none", label: "None" },
        ]}
        onChange={(value) => state.change({ positions: value })}
      />
      <Segmented
        name="feedForward"
        label="Feed-forward"
        value={feedForward}
        choices={[
          { value: "plain", label: "Plain" },
          { value: "gated", label: "Gated" },
        ]}
        onChange={(value) => state.change({ feedForward: value })}
      />
      <Segmented
        name="activation"
        label="Activation"
        value={activation}
        choices={[
          { value: "gelu", label: "GELU" },
          { value: "silu", label: "SiLU" },
          { value: "relu", label: "ReLU" },
        ]}
        onChange={(value) => state.change({ activation: value })}
      />
      <Switch label="Causal mask" checked={causal} onChange={(value) => state.change({ causal: value })} />
    </Group>
  );
}

function SizeFields({ state }: Props): JSX.Element {
  const { heads, width, seed } = state.settings.value;
  return (
    <Group title="Sizes" summary={`${heads === 1 ? "1 head" : `${heads} heads`}, dModel ${width}, seed ${seed}`}>
      <Segmented
        name="heads"
        label="Heads"
        value={heads}
        choices={choicesOf(layerHeads)}
        onChange={(value) => state.change({ heads: value })}
      />
      <Segmented
        name="width"
        label="Width dModel"
        value={width}
        choices={choicesOf(layerWidths)}
        onChange={(value) => state.change({ width: value })}
      />
      <SeedField seed={seed} onChange={(value) => state.change({ seed: value })} />
    </Group>
  );
}
