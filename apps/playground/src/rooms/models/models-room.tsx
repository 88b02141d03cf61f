import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RoomProps } from "../room.js";
import { DropPanel } from "./drop-panel.js";
import { FactsPanel } from "./facts-panel.js";
import { OwnPanel } from "./own-panel.js";
import { ModelsState } from "./state.js";
import { SupportedPanel } from "./supported-panel.js";

/** Your model: open one from files, keep it, and see what it is made of. */
export function ModelsRoom({ compute, workspace, linkTo }: RoomProps): JSX.Element {
  const [state] = useState(() => new ModelsState(compute, workspace));
  const isBusy = state.doing.value !== undefined || state.chosen.opening.value !== undefined;
  return (
    <div class="room models-room" aria-busy={isBusy}>
      <div class="room-intro">
        <h1>Your model</h1>
        <p>
          Every room of this page works on the model that you choose: one that was trained here, or one of your own. Open a model, and look
          at its heads, its predictions and its steps as you do with the small ones.
        </p>
      </div>
      <div class="models-panels">
        <div class="stacked">
          <DropPanel state={state} />
          <OwnPanel state={state} chosenId={workspace.state.value.model} onChoose={(id) => workspace.chooseModel(id)} />
        </div>
        <FactsPanel chosen={state.chosen} workspace={workspace} exploreLink={linkTo("explore")} />
        <SupportedPanel />
      </div>
    </div>
  );
}
