import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { CostLine } from "../../../ui/cost-line.js";
import type { PictureState } from "../../picture-state.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { usePictureState } from "../../use-picture-state.js";
import type { BlockProps } from "../block-props.js";
import { CurvesPanel } from "./curves-panel.js";
import { FeedForwardControls } from "./feed-forward-controls.js";
import { HiddenUnitsPanel } from "./hidden-units-panel.js";
import type { FeedForwardPicture } from "./picture.js";
import { feedForwardLink, type FeedForwardSettings } from "./settings.js";
import { TokenPathPanel } from "./token-path-panel.js";

/** The feed-forward network of a layer. */
export function FeedForwardBlock({ compute, block, choose, ...rest }: BlockProps): JSX.Element {
  const state = usePictureState(rest, feedForwardLink, async (settings: FeedForwardSettings) =>
    (await compute.calls).blocks.feedForward(settings),
  );
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>The feed-forward network</h1>
        <p>
          Attention mixes tokens; the feed-forward network processes each token separately. It projects the vector to many hidden units,
          applies an <em>activation</em> to each of them, and projects them back. A <em>gated</em> network multiplies every hidden unit by a
          second projection.
        </p>
      </div>
      <FeedForwardControls state={state} block={block} choose={choose} />
      <FeedForwardPanels state={state} />
    </RoomFrame>
  );
}

function FeedForwardPanels({ state }: { readonly state: PictureState<FeedForwardSettings, FeedForwardPicture> }): JSX.Element {
  const token = useSignal(1);
  const drawn = state.drawn.value;
  if (drawn === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const { picture, settings } = drawn;
  const at = Math.min(token.value, picture.tokens.length - 1);
  return (
    <div class="room-panels">
      <CurvesPanel picture={picture} />
      <HiddenUnitsPanel picture={picture} />
      <TokenPathPanel picture={picture} gated={settings.gated} token={at} choose={(next) => (token.value = next)} />
      <CostLine
        what={`${picture.parameters.toLocaleString("en")} parameters, ${picture.tokens.length} tokens`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </div>
  );
}
