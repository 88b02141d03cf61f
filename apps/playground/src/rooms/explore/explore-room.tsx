import { computed, effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../../compute/outcome.js";
import { WorkspaceBar } from "../../workspace/workspace-bar.js";
import type { RoomProps } from "../room.js";
import { RoomFrame, Waiting } from "../room-frame.js";
import { useFollowedLink } from "../use-followed-link.js";
import { AttributionPanel } from "./attribution-panel.js";
import { FindingsPanel } from "./findings-panel.js";
import { HeadsPanel } from "./heads-panel.js";
import { LensPanel } from "./lens-panel.js";
import { readLink, writeLink } from "./link.js";
import { MapPanel } from "./map-panel.js";
import { OriginPanel } from "./origin-panel.js";
import { PredictionPanel } from "./prediction-panel.js";
import { ReportLine } from "./report-line.js";
import { ExploreState } from "./state.js";

/** Explore: what a model predicts, what each of its heads looks at, and where every number comes from. */
export function ExploreRoom({ compute, workspace, parameters, saveLink, linkTo }: RoomProps): JSX.Element {
  const [state] = useState(() => new ExploreState(compute, workspace, readLink(parameters)));
  const [busy] = useState(() =>
    computed(() =>
      [state.readings.tokens, state.readings.head, state.readings.predictions, state.readings.grid, state.readings.scores].some(
        (each) => each.busy.value,
      ),
    ),
  );
  useEffect(() => state.start(), [state]);
  useEffect(() => effect(() => saveLink(writeLink(state.view.value))), [state]);
  useFollowedLink(parameters, () => (state.view.value = readLink(parameters)));
  return (
    <RoomFrame busy={busy}>
      <div class="room-intro">
        <h1>What a model predicts, and which head looks where</h1>
        <p>
          Each head lets every token look at other tokens. Choose a head to see its map, point at a cell to read it, and follow a number
          from the dot product to what the head passes on.
        </p>
      </div>
      <WorkspaceBar compute={compute} workspace={workspace} linkTo={linkTo} />
      <ExplorePanels state={state} />
    </RoomFrame>
  );
}

const isOfField = (failure: Failure | undefined): boolean => failure?.field === "text" || failure?.field === "answer";

function ExplorePanels({ state }: { readonly state: ExploreState }): JSX.Element {
  const { tokens, head, predictions } = state.readings;
  const failure = [head, predictions, tokens].map((each) => each.failure.value).find((each) => each !== undefined);
  // The fields of the texts say themselves why they cannot be read.
  const isOfText = isOfField(tokens.failure.value) || (tokens.busy.value && isOfField(failure));
  const isReady = state.readings.head.answered.value !== undefined;
  return (
    <div class="explore-panels">
      {failure !== undefined && !isOfText && (
        <p class="failure" role="alert" id="reading-failure">
          {failure.sentence}{" "}
          <button type="button" class="plain-button" onClick={() => state.readAgain()}>
            Try again
          </button>
        </p>
      )}
      {isReady ? (
        <>
          <PredictionPanel state={state} />
          <div class={(state.stack.value?.heads ?? 0) > 8 ? "explore-columns many" : "explore-columns"}>
            <div class="explore-column">
              <HeadsPanel state={state} />
              <FindingsPanel state={state} />
              <AttributionPanel state={state} />
            </div>
            <div class="explore-column">
              <MapPanel state={state} />
              <OriginPanel state={state} />
              <LensPanel state={state} />
            </div>
          </div>
          <ReportLine state={state} />
        </>
      ) : (
        <Waiting failed={failure !== undefined} />
      )}
    </div>
  );
}
