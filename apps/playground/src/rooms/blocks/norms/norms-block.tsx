import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import type { Asked } from "../../../compute/asked.js";
import { CostLine } from "../../../ui/cost-line.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { useAsked } from "../../use-asked.js";
import type { BlockProps } from "../block-props.js";
import { HistogramPanel } from "./histogram-panel.js";
import { NormControls } from "./norm-controls.js";
import type { NormPicture } from "./picture.js";
import { type NormSettings, normLink } from "./settings.js";
import { StagesPanel } from "./stages-panel.js";
import { StatisticsPanel } from "./statistics-panel.js";

/** What a norm does to the vectors of the tokens. */
export function NormsBlock({ compute, block, choose, ...rest }: BlockProps): JSX.Element {
  const state = useAsked(rest, normLink, async (settings: NormSettings) => (await compute.calls).blocksNorms(settings));
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Numbers kept in bounds</h1>
        <p>
          Layer after layer adds to a token's vector, and its numbers would grow without end. A norm brings every vector back to the same
          size before a sublayer reads it: <em>LayerNorm</em> takes away the mean and divides by the deviation, <em>RMSNorm</em> only
          divides by the root of the mean square.
        </p>
      </div>
      <NormControls state={state} block={block} choose={choose} />
      <NormPanels state={state} />
    </RoomFrame>
  );
}

function NormPanels({ state }: { readonly state: Asked<NormSettings, NormPicture> }): JSX.Element {
  const token = useSignal(1);
  const picture = state.answer.value?.picture;
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
        what={`${picture.tokens.length} vectors of ${picture.width} numbers, normed twice`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </div>
  );
}
