import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FailureLine } from "../../ui/fields.js";
import { Term } from "../../ui/term.js";
import { WorkspaceBar } from "../../workspace/workspace-bar.js";
import type { RoomProps } from "../room.js";
import { RoomFrame, Waiting } from "../room-frame.js";
import { useFollowedLink } from "../use-followed-link.js";
import { CostPanel } from "./cost-panel.js";
import { EffectPanel } from "./effect-panel.js";
import { LessonsPanel } from "./lessons-panel.js";
import { readLink, writeLink } from "./link.js";
import { MaskControls } from "./mask-controls.js";
import { MasksState } from "./masks-state.js";
import { MatrixPanel } from "./matrix-panel.js";

/** Composes a mask, shows it, and shows what the chosen model makes of it. */
export function MasksRoom({ compute, workspace, parameters, saveLink, linkTo }: RoomProps): JSX.Element {
  const [state] = useState(() => new MasksState(readLink(parameters), compute, workspace));
  useEffect(() => state.follow(workspace), [state]);
  useEffect(() => state.onLink((link, change) => saveLink(writeLink(link), change)), [state]);
  useFollowedLink(parameters, () => state.restore(readLink(parameters)));
  return (
    <RoomFrame busy={state.busy}>
      <header class="room-intro">
        <h1>Masks</h1>
        <p>
          A <Term name="mask" /> decides which <Term name="token">tokens</Term> may look at which. It is all that separates a model that{" "}
          <em>reads</em> from one that <em>writes</em>. Put one together, ask why a pair is hidden, and see what your model makes of it.
        </p>
      </header>
      <WorkspaceBar compute={compute} workspace={workspace} linkTo={linkTo} />
      <MaskControls state={state} />
      <div class="room-panels">
        <MatrixArea state={state} />
        <EffectPanel state={state} workspace={workspace} />
        <div class="mask-more full">
          <CostPanel state={state} headDim={workspace.info.value?.headDim ?? 64} />
          <LessonsPanel state={state} />
        </div>
      </div>
    </RoomFrame>
  );
}

/** The matrix, once there is one. */
function MatrixArea({ state }: { readonly state: MasksState }): JSX.Element {
  const { answered, failure } = state.picture;
  const tokens = state.tokens.answered.value?.result;
  const picture = answered.value?.result;
  return (
    <div class="matrix-area">
      <FailureLine id="mask-failure" sentence={failure.value?.sentence} />
      {picture === undefined || tokens === undefined ? (
        <Waiting failed={[state.tokens, state.picture].some((each) => each.failure.value !== undefined)} />
      ) : (
        <MatrixPanel state={state} picture={picture} tokens={tokens.tokens} />
      )}
    </div>
  );
}
