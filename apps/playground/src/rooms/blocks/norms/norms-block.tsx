import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { CostLine } from "../../../ui/cost-line.js";
import type { PictureState } from "../../picture-state.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { usePictureState } from "../../use-picture-state.js";
import type { BlockProps } from "../block-props.js";
import { HistogramPanel } from "./histogram-panel.js";
import { NormControls } from "./norm-controls.js";
import type { NormPicture } from "./picture.js";
import { type NormSettings, normLink } from "./settings.js";
import { StagesPanel } from "./stages-panel.js";
import { StatisticsPanel } from "./statistics-panel.js";

/** LayerNorm and RMSNorm. */
export function NormsBlock({ compute, block, choose, ...rest }: BlockProps): JSX.Element {
  const state = usePictureState(rest, normLink, async (settings: NormSettings) => (await compute.calls).blocks.norms(settings));
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Normalisation</h1>
        <p>
          Every layer adds to the vector of a token, so its numbers tend to grow from layer to layer. A norm rescales every vector before a
          sublayer reads it: <em>LayerNorm</em> subtracts the mean and divides by the standard deviation; <em>RMSNorm</em> only divides by
          the root mean square.
        </p>
      </div>
      <NormControls state={state} block={block} choose={choose} />
      <NormPanels state={state} />
    </RoomFrame>
  );
}

function NormPanels({ state }: { readonly state: PictureState<NormSettings, NormPicture> }): JSX.Element {
  const token = useSignal(1);
  const picture = state.drawn.value?.picture;
  if (picture === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const at = Math.min(token.value, picture.tokens.length - 1);
  const choose = (next: number): void => {
    token.value = next;
  };
  return (
    <div class="room-panels">
      <HistogramPanel picture={picture} token={at} choose={choose} />
      <StatisticsPanel picture={picture} token={at} choose={choose} />
      <StagesPanel picture={picture} />
      <CostLine
        what={`${picture.tokens.length} vectors of ${picture.width} numbers, two norms`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </div>
  );
}
