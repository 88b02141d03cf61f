import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readSettings, writeSettings } from "../../routing/settings-link.js";
import { WorkspaceBar } from "../../workspace/workspace-bar.js";
import { RoomFrame, Waiting } from "../room-frame.js";
import type { RoomProps } from "../room.js";
import { useFollowedLink } from "../use-followed-link.js";
import { ComparePanel } from "./compare/compare-panel.js";
import { ChangesPanel } from "./edits/changes-panel.js";
import { EffectsPanel } from "./effects/effects-panel.js";
import { HeadPanel } from "./heads/head-panel.js";
import { PatchPanel } from "./patching/patch-panel.js";
import { PresetPanel } from "./presets/preset-panel.js";
import { ChangeState } from "./state.js";
import { WritingPanel } from "./writing/writing-panel.js";
import { changeLink } from "./view.js";

/** Change it: switch heads off, patch, steer and freeze, and see what becomes of the predictions. */
export function ChangeRoom({ compute, workspace, parameters, saveLink, linkTo }: RoomProps): JSX.Element {
  const [state] = useState(() => new ChangeState(compute, workspace, readSettings(changeLink, parameters)));
  useEffect(() => state.start(), [state]);
  useEffect(() => effect(() => saveLink(writeSettings(changeLink, state.view))), [state]);
  useFollowedLink(parameters, () => state.follow(readSettings(changeLink, parameters)));
  return (
    <RoomFrame busy={state.comparison.busy}>
      <div class="room-intro">
        <h1>Change it, and see what fails</h1>
        <p>
          A map shows where a head looks, not whether that matters. Switch the head off: if the prediction fails, the head was needed.
          Change as much as you like; the model itself stays as it is, and each change can be undone.
        </p>
      </div>
      <WorkspaceBar compute={compute} workspace={workspace} linkTo={linkTo} />
      <ChangePanels state={state} />
    </RoomFrame>
  );
}

function ChangePanels({ state }: { readonly state: ChangeState }): JSX.Element {
  const isReady =
    state.info.value !== undefined && (state.comparison.answered.value !== undefined || state.maps.answered.value !== undefined);
  if (!isReady) return <Waiting failed={state.comparison.failure.value !== undefined} />;
  return (
    <>
      <div class="change-controls">
        <PresetPanel state={state} />
        <ChangesPanel state={state} />
      </div>
      <div class="change-panels">
        <div class="change-column">
          <ComparePanel state={state} />
          <WritingPanel state={state} />
          <HeadPanel state={state} />
        </div>
        <div class="change-column">
          <EffectsPanel state={state} />
          <PatchPanel state={state} />
        </div>
      </div>
    </>
  );
}
