import type { JSX } from "preact";
import type { Asked } from "../../../compute/asked.js";
import { ExampleTexts } from "../../../ui/example-texts.js";
import { FailureLine, Group, Segmented, Switch, TextField } from "../../../ui/fields.js";
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
    <form class="controls" aria-label="What is computed" onSubmit={(event) => event.preventDefault()}>
      <BlockChoice block={block} choose={choose} />
      <TextField
        id="text"
        label="Text"
        value={text}
        failure={state.failureOf("text")}
        onChange={(value) => state.change({ text: value })}
      />
      <ExampleTexts onChange={(value) => state.change({ text: value })} />
      <Group title="Vectors" summary={`× ${stretch}, + ${shift}, ${width} wide`}>
        <Segmented
          name="stretch"
          label="Every number times"
          value={stretch}
          choices={stretches.map((value) => ({ value, label: String(value) }))}
          onChange={(value) => state.change({ stretch: value })}
        />
        <Segmented
          name="shift"
          label="then plus"
          value={shift}
          choices={shifts.map((value) => ({ value, label: String(value).replace("-", "−") }))}
          onChange={(value) => state.change({ shift: value })}
        />
        <Switch label="One dimension far larger" checked={outlier} onChange={(value) => state.change({ outlier: value })} />
        <Segmented
          name="width"
          label="Width dModel"
          value={width}
          choices={normWidths.map((value) => ({ value, label: String(value) }))}
          onChange={(value) => state.change({ width: value })}
        />
        <SeedField seed={seed} onChange={(value) => state.change({ seed: value })} />
      </Group>
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </form>
  );
}
