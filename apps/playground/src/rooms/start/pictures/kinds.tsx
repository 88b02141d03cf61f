import type { JSX } from "preact";
import { Segmented } from "../../../ui/fields.js";
import { kindNames, kindOf, kinds } from "../kinds.js";
import type { StepProps } from "../lesson-step.js";
import { HeadPicture } from "./head-picture.js";
import { HeadsAndMap } from "./heads-and-map.js";

/** The picture of each kind of attention. */
export function Kinds(props: StepProps): JSX.Element {
  const { workspace } = props;
  const chosen = kindOf(workspace.state.value);
  return (
    <>
      <Segmented
        name="kind"
        label="Kind of attention"
        value={chosen}
        choices={kindNames.map((value) => ({ value, label: kinds[value].label }))}
        onChange={(name) => workspace.enter(kinds[name].start)}
      />
      <p class="picture-says">{kinds[chosen].says}</p>
      {chosen === "several" ? <HeadsAndMap {...props} /> : <HeadPicture {...props} />}
    </>
  );
}
