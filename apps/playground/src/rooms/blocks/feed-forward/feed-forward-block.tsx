import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Asked } from "../../../compute/asked.js";
import { CostLine } from "../../../ui/cost-line.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { useAsked } from "../../use-asked.js";
import type { BlockProps } from "../block-props.js";
import { CurvesPanel } from "./curves-panel.js";
import { FeedForwardControls } from "./feed-forward-controls.js";
import { FiringPanel } from "./firing-panel.js";
import type { FeedForwardPicture } from "./picture.js";
import { feedForwardLink, type FeedForwardSettings } from "./settings.js";
import { WayPanel } from "./way-panel.js";

/** What happens to each token between two attentions. */
export function FeedForwardBlock({ compute, block, choose, ...rest }: BlockProps): JSX.Element {
  const state = useAsked(rest, feedForwardLink, async (settings: FeedForwardSettings) => (await compute.calls).blocksFeedForward(settings));
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Each token for itself</h1>
        <p>
          Attention mixes tokens; the feed-forward network works on each alone. It widens a vector to many hidden numbers, lets an{" "}
          <em>activation</em> keep some and silence others, and narrows the rest again. A <em>gated</em> network computes for every hidden
          number how much of it may pass.
        </p>
      </div>
      <FeedForwardControls state={state} block={block} choose={choose} />
      <FeedForwardPanels state={state} />
    </RoomFrame>
  );
}

function FeedForwardPanels({ state }: { readonly state: Asked<FeedForwardSettings, FeedForwardPicture> }): JSX.Element {
  const token = useSignal(1);
  const answer = state.answer.value;
  if (answer === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const { picture, settings } = answer;
  const at = Math.min(token.value, picture.tokens.length - 1);
  return (
    <div class="room-panels">
      <CurvesPanel picture={picture} />
      <FiringPanel picture={picture} />
      <WayPanel picture={picture} gated={settings.gated} token={at} choose={(next) => (token.value = next)} />
      <CostLine
        what={`${picture.parameters.toLocaleString("en")} parameters, ${picture.tokens.length} tokens`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </div>
  );
}
