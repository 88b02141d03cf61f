import type { JSX } from "preact";
import { ControlForm } from "../../../ui/control-form.js";
import { Choice, choicesOf, FailureLine, Group, NumberField, Segmented, Switch } from "../../../ui/fields.js";
import { SeedField } from "../../../ui/seed-field.js";
import { BlockChoice } from "../block-choice.js";
import type { BlockProps } from "../block-props.js";
import { bucketCounts, type Encoding, encodings, headCounts, longest, type Scaling, scalings, thetas, widths } from "./settings.js";
import type { PositionState } from "./state.js";

const encodingNames: Record<Encoding, string> = { sinusoids: "Sinusoids", rotary: "RoPE", alibi: "ALiBi", t5: "T5" };

const scalingNames: Record<Scaling, string> = {
  none: "none",
  linear: "linear: positions divided",
  ntk: "NTK-aware: a larger base",
  dynamic: "dynamic NTK: grows with length",
  yarn: "YaRN: slow pairs only",
  llama3: "Llama 3: by wavelength",
};

interface Props {
  readonly state: PositionState;
}

/** What is computed of positions. */
export function PositionControls({ state, block, choose }: Props & Pick<BlockProps, "block" | "choose">): JSX.Element {
  const { encoding, length } = state.settings.value;
  return (
    <ControlForm label="What is computed">
      <BlockChoice block={block} choose={choose} />
      <Segmented
        name="encoding"
        label="Encoding"
        value={encoding}
        choices={choicesOf(encodings, encodingNames)}
        onChange={(value) => state.change({ encoding: value })}
      />
      <Group title="Sizes" summary={`${length} positions`}>
        <NumberField label="Positions" value={length} least={2} most={longest} onChange={(value) => state.change({ length: value })} />
        {encoding === "sinusoids" || encoding === "rotary" ? <FrequencyFields state={state} /> : <BiasFields state={state} />}
      </Group>
      {encoding === "rotary" && <ScalingFields state={state} />}
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </ControlForm>
  );
}

function FrequencyFields({ state }: Props): JSX.Element {
  const { encoding, width, theta, pairing } = state.settings.value;
  return (
    <>
      <Segmented
        name="width"
        label={encoding === "rotary" ? "Width headDim" : "Width dModel"}
        value={width}
        choices={choicesOf(widths)}
        onChange={(value) => state.change({ width: value })}
      />
      <Choice
        label={encoding === "rotary" ? "Base theta" : "Base"}
        value={String(theta)}
        choices={thetas.map((value) => ({ value: String(value), label: value.toLocaleString("en") }))}
        onChange={(value) => state.change({ theta: Number(value) })}
      />
      {encoding === "rotary" && (
        <Segmented
          name="pairing"
          label="Pairs of dimensions"
          value={pairing}
          choices={[
            { value: "half", label: "i, i + half" },
            { value: "interleaved", label: "2i, 2i + 1" },
          ]}
          onChange={(value) => state.change({ pairing: value })}
        />
      )}
    </>
  );
}

function ScalingFields({ state }: Props): JSX.Element {
  const { scaling, factor, trained } = state.settings.value;
  return (
    <Group title="Scaling" summary={scaling}>
      <Choice
        label="For longer texts"
        value={scaling}
        choices={choicesOf(scalings, scalingNames)}
        onChange={(value) => state.change({ scaling: value })}
      />
      {scaling !== "none" && (
        <div class="field-row">
          <NumberField label="Factor" value={factor} least={1} most={32} onChange={(value) => state.change({ factor: value })} />
          <NumberField
            label="Trained length"
            value={trained}
            least={2}
            most={longest}
            disabled={scaling === "linear" || scaling === "ntk"}
            onChange={(value) => state.change({ trained: value })}
          />
        </div>
      )}
    </Group>
  );
}

function BiasFields({ state }: Props): JSX.Element {
  const { encoding, heads, buckets, maxDistance, bidirectional, seed } = state.settings.value;
  return (
    <>
      <Segmented
        name="heads"
        label="Heads"
        value={heads}
        choices={choicesOf(headCounts)}
        onChange={(value) => state.change({ heads: value })}
      />
      {encoding === "t5" && (
        <>
          <Segmented
            name="buckets"
            label="Buckets"
            value={buckets}
            choices={choicesOf(bucketCounts)}
            onChange={(value) => state.change({ buckets: value })}
          />
          <NumberField
            label="Last bucket from"
            value={maxDistance}
            least={33}
            most={1024}
            onChange={(value) => state.change({ maxDistance: value })}
          />
          <Switch
            label="Keys ahead have buckets of their own"
            checked={bidirectional}
            onChange={(value) => state.change({ bidirectional: value })}
          />
          <SeedField seed={seed} onChange={(value) => state.change({ seed: value })} />
        </>
      )}
    </>
  );
}
