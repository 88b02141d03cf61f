import type { JSX } from "preact";
import { Choice, choicesOf, Group, Segmented } from "../../../ui/fields.js";
import { SeedField } from "../../../ui/seed-field.js";
import type { PictureState } from "../../picture-state.js";
import { BlockForm } from "../block-form.js";
import type { FeedForwardPicture } from "./picture.js";
import { activations, activationTitles, expansions, type FeedForwardSettings, feedForwardWidths } from "./settings.js";

interface Props {
  readonly state: PictureState<FeedForwardSettings, FeedForwardPicture>;
}

const choices = choicesOf(activations, activationTitles);

/** The settings of the feed-forward network. */
export function FeedForwardControls({ state }: Props): JSX.Element {
  const { activation, gated } = state.settings.value;
  return (
    <BlockForm state={state} text={state.field("text")}>
      <Group title="Network" summary={`${gated ? "gated, " : ""}${activationTitles[activation]}`}>
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
