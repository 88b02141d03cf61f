import type { JSX } from "preact";
import { Choice } from "../ui/fields.js";
import { layerName } from "../ui/head-name.js";
import { layerOfHead, layersOf } from "./chosen-layer.js";
import type { Workspace } from "./workspace.js";

/** Which layer of the chosen model is shown; nothing until the model is open. */
export function LayerChoice({ workspace }: { readonly workspace: Workspace }): JSX.Element | null {
  const info = workspace.info.value;
  if (info === undefined) return null;
  const layers = new Map(layersOf(info).map((place) => [layerName(place), place]));
  return (
    <Choice
      label="Layer"
      value={layerName(layerOfHead(info, workspace.state.value.head))}
      choices={[...layers.keys()].map((name) => ({ value: name, label: name }))}
      onChange={(name) => workspace.lookAt({ ...layers.get(name)!, head: 0 })}
    />
  );
}
