import type { JSX } from "preact";
import type { Asked } from "../../../compute/asked.js";
import { ControlForm } from "../../../ui/control-form.js";
import { ExampledText } from "../../../ui/example-texts.js";
import { choicesOf, FailureLine, Group, Segmented, Switch } from "../../../ui/fields.js";
import { SeedField } from "../../../ui/seed-field.js";
import { BlockChoice } from "../block-choice.js";
import type { BlockProps } from "../block-props.js";
import type { NormPicture } from "./picture.js";
import { type NormSettings, normWidths, shifts, stretches } from "./settings.js";

interface Props extends Pick<BlockProps, "block" | "choose"> {
  readonly state: Asked<NormSettings, NormPicture>;
}

/** Which vectors are normed. */
export function NormControls({ state, block, choose }: Props): JSX.Element {
  const { text, width, seed, stretch, shift, outlier } = state.settings.value;
  return (
    <ControlForm label="What is computed">
      <BlockChoice block={block} choose={choose} />
      <ExampledText value={text} failure={state.failureOf("text")} onChange={(value) => state.change({ text: value })} />
      <Group title="Vectors" summary={`× ${stretch}, + ${shift}, ${width} wide`}>
        <Segmented
          name="stretch"
          label="Every number times"
          value={stretch}
          choices={choicesOf(stretches)}
          onChange={(value) => state.change({ stretch: value })}
        />
        <Segmented
          name="shift"
          label="then plus"
          value={shift}
          choices={choicesOf(shifts)}
          onChange={(value) => state.change({ shift: value })}
        />
        <Switch label="One dimension far larger" checked={outlier} onChange={(value) => state.change({ outlier: value })} />
        <Segmented
          name="width"
          label="Width dModel"
          value={width}
          choices={choicesOf(normWidths)}
          onChange={(value) => state.change({ width: value })}
        />
        <SeedField seed={seed} onChange={(value) => state.change({ seed: value })} />
      </Group>
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </ControlForm>
  );
}
