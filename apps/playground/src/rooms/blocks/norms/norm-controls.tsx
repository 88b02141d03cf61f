import type { JSX } from "preact";
import { choicesOf, Group, Segmented, Switch } from "../../../ui/fields.js";
import { SeedField } from "../../../ui/seed-field.js";
import type { PictureState } from "../../picture-state.js";
import { BlockForm } from "../block-form.js";
import type { NormPicture } from "./picture.js";
import { type NormSettings, normWidths, shifts, stretches } from "./settings.js";

interface Props {
  readonly state: PictureState<NormSettings, NormPicture>;
}

/** The settings of the norms. */
export function NormControls({ state }: Props): JSX.Element {
  const { width, stretch, shift } = state.settings.value;
  return (
    <BlockForm state={state} text={state.field("text")}>
      <Group title="Vectors" summary={`× ${stretch}, + ${shift}, dModel ${width}`}>
        <Segmented label="Multiply by" choices={choicesOf(stretches)} {...state.field("stretch")} />
        <Segmented label="Then add" choices={choicesOf(shifts)} {...state.field("shift")} />
        <Switch label="One outlier dimension" {...state.field("outlier")} />
        <Segmented label="Width dModel" choices={choicesOf(normWidths)} {...state.field("width")} />
        <SeedField {...state.field("seed")} />
      </Group>
    </BlockForm>
  );
}
