import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { largestMagnitude } from "../../color/color-scale.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { HeatMap } from "../../ui/heat-map.js";
import { Legend } from "../../ui/legend.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import { HeadGrid } from "./head-grid.js";
import type { AttentionState, DrawnPicture } from "./attention-state.js";
import { describeScale } from "./describe-cell.js";
import { headMap, mapProps } from "./head-map.js";
import type { PictureProps } from "./picture-props.js";
import { headValues } from "./read-cell.js";
import { isMasked, showsMask, stageScale, weightTitle } from "./scales.js";
import { type DrawnStage, drawnStages } from "./view.js";

const stageNames: Record<DrawnStage, string> = { raw: "1 Raw", scaled: "2 Scaled", masked: "3 Masked", probabilities: "4 Softmax" };

/** The large map of one head at one stage of the computation. */
export function HeadCloseUp({ state, picture }: PictureProps): JSX.Element {
  const head = state.head.value;
  const { stage } = state.view.value;
  return (
    <Panel
      id="close-up"
      title={`Head ${head}, step by step`}
      teaches="The computation in four stages: the dot products of queries and keys, the scaled scores, the scores with masked cells set to −∞, and the softmax of each row."
      question={
        picture.model === undefined
          ? "Choose a causal mask and step from 2 to 4. Where does the weight of the masked cells go?"
          : "Step from 2 to 4. How much of each row goes to its strongest key? Which rows attend to a single key?"
      }
    >
      <div class="gallery-tools">
        <Segmented
          name="stage"
          label="Stage"
          value={stage}
          choices={choicesOf(drawnStages, stageNames)}
          onChange={(next) => state.look({ stage: next })}
        />
        <HeadStepper state={state} heads={picture.heads} />
      </div>
      <p class="stage-caption">{captionOf(picture, stage, head)}</p>
      <CloseUpMap state={state} picture={picture} />
      <p class="hint">
        Point at a cell to read it. Click it to pin it; click it again or press Esc to unpin it. On the keyboard: the arrow keys, Home and
        End move between cells, Page Up and Page Down between heads, and Enter pins.
      </p>
    </Panel>
  );
}

function CloseUpMap({ state, picture }: PictureProps): JSX.Element {
  const { stage, ramp, range } = state.view.value;
  const head = state.head.value;
  const scale = useMemo(
    () => stageScale(picture, { stage, ramp, range }, head, tone.value),
    [picture, stage, ramp, range, head, tone.value],
  );
  const data = useMemo(() => headMap(picture, stage, head, showsMask(stage) ? picture.allowed : undefined), [picture, stage, head]);
  return (
    <>
      <Legend
        title={stage === "probabilities" ? weightTitle(range) : "score"}
        scale={scale}
        masked={showsMask(stage) && isMasked(picture) ? (stage === "masked" ? "masked: −∞" : "masked") : undefined}
      />
      <HeatMap
        size="large"
        data={data}
        scale={scale}
        {...mapProps(state, picture, head)}
        onPick={(cell) => state.togglePin(cell)}
        overlay={(edge) => <HeadGrid state={state} picture={picture} edge={edge} />}
      />
    </>
  );
}

function HeadStepper({ state, heads }: { readonly state: AttentionState; readonly heads: number }): JSX.Element {
  const head = state.head.value;
  return (
    <div class="stepper" role="group" aria-label="Head">
      <button
        type="button"
        class="plain-button"
        disabled={head === 0}
        aria-label="Previous head"
        onClick={() => state.look({ head: head - 1 })}
      >
        ‹
      </button>
      <span>
        head {head} of 0–{heads - 1}
      </span>
      <button
        type="button"
        class="plain-button"
        disabled={head === heads - 1}
        aria-label="Next head"
        onClick={() => state.look({ head: head + 1 })}
      >
        ›
      </button>
    </div>
  );
}

function captionOf(picture: DrawnPicture, stage: DrawnStage, head: number): string {
  const largest = formatNumber(largestMagnitude(headValues(picture, stage, head)));
  const captions: Record<DrawnStage, string> = {
    raw: `q · k: each cell is a dot product of two vectors of ${picture.headDim} numbers. Largest magnitude: ${largest}.`,
    scaled: `q · k ${describeScale(picture)}: the same pattern with smaller scores, so that the softmax does not saturate. Largest magnitude: ${largest}.`,
    masked: maskCaption(picture),
    probabilities: `exp(score), divided by the sum of its row. Largest weight: ${largest}.`,
  };
  return captions[stage];
}

function maskCaption({ allowed }: DrawnPicture): string {
  const closed = allowed.filter((open) => open === 0).length;
  if (closed === 0) return "No cell is masked, so this stage changes nothing.";
  return `${closed} of ${allowed.length} cells are set to −∞, so that exp(−∞) = 0.`;
}
