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
import type { PictureProps } from "./picture-props.js";
import { headValues } from "./read-cell.js";
import type { DrawnPicture, RoomState } from "./room-state.js";
import { sayScale } from "./say.js";
import { isMasked, showsMask, stageScale, weightTitle } from "./scales.js";
import { type DrawnStage, drawnStages } from "./view.js";

const stageNames: Record<DrawnStage, string> = { raw: "1 Raw", scaled: "2 Scaled", masked: "3 Masked", probabilities: "4 Softmax" };

/** One head in full, at a stage of the computation. */
export function HeadCloseUp({ state, picture }: PictureProps): JSX.Element {
  const head = state.head.value;
  const { stage } = state.view.value;
  return (
    <Panel
      id="close-up"
      title={`Head ${head}, step by step`}
      teaches="The same map four times: the dot products of queries and keys, scaled by 1/√headDim, with forbidden cells set to −∞, and at last made into weights by the softmax of each row."
      question={
        picture.model === undefined
          ? "Switch to a causal mask and step from 2 to 4. Where does the weight of the masked cells go?"
          : "Step from 2 to 4. How much of the row goes to its strongest key, and would you call that looking something up?"
      }
    >
      <div class="gallery-tools">
        <Segmented
          name="stage"
          label="Stage"
          value={stage}
          choices={choicesOf(drawnStages, stageNames)}
          onChange={(value) => state.look({ stage: value })}
        />
        <HeadStepper state={state} heads={picture.heads} />
      </div>
      <p class="stage-caption">{captionOf(picture, stage, head)}</p>
      <CloseUpMap state={state} picture={picture} />
      <p class="hint">
        Point at a cell to read it; click to pin it, click again or press Esc to let it go. With the keyboard: arrows, Home and End, Page Up
        and Page Down for the other heads, Enter to pin.
      </p>
    </Panel>
  );
}

function CloseUpMap({ state, picture }: PictureProps): JSX.Element {
  const {
    view,
    head: { value: head },
    hovered: { value: hovered },
    pinned: { value: pinned },
  } = state;
  const { stage, ramp, reach } = view.value;
  const scale = useMemo(
    () => stageScale(picture, { stage, ramp, reach }, head, tone.value),
    [picture, stage, ramp, reach, head, tone.value],
  );
  const data = useMemo(() => mapData(picture, stage, head), [picture, stage, head]);
  return (
    <>
      <Legend
        title={stage === "probabilities" ? weightTitle(reach) : "score"}
        scale={scale}
        masked={showsMask(stage) && isMasked(picture) ? (stage === "masked" ? "masked: −∞" : "masked") : undefined}
      />
      <HeatMap
        size="large"
        data={data}
        scale={scale}
        rowTokens={picture.queryTokens}
        columnTokens={picture.keyTokens}
        crosshair={hovered && { row: hovered.query, column: hovered.key }}
        pinned={pinned && { row: pinned.query, column: pinned.key }}
        onPoint={(cell) => state.hover(cell && { head, query: cell.row, key: cell.column, x: cell.x, y: cell.y })}
        onPick={(cell) => state.pin({ query: cell.row, key: cell.column })}
        overlay={(cell) => <HeadGrid state={state} picture={picture} cell={cell} />}
      />
    </>
  );
}

function mapData(
  picture: DrawnPicture,
  stage: DrawnStage,
  head: number,
): { rows: number; columns: number; values: Float32Array; allowed: Uint8Array | undefined } {
  return {
    rows: picture.queryTokens.length,
    columns: picture.keyTokens.length,
    values: headValues(picture, stage, head),
    allowed: showsMask(stage) ? picture.allowed : undefined,
  };
}

function HeadStepper({ state, heads }: { readonly state: RoomState; readonly heads: number }): JSX.Element {
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
    raw: `q · k: one dot product of ${picture.headDim} numbers for each cell; the largest is ${largest} in magnitude.`,
    scaled: `q · k ${sayScale(picture)}: the same pattern, brought to a largest magnitude of ${largest}, so that the softmax does not saturate.`,
    masked: maskCaption(picture),
    probabilities: `exp(score), divided by the sum over its row: the largest weight is ${largest}.`,
  };
  return captions[stage];
}

function maskCaption({ allowed }: DrawnPicture): string {
  const closed = allowed.filter((open) => open === 0).length;
  if (closed === 0) return "No cell is masked, so nothing changes here.";
  return `${closed} of ${allowed.length} cells are set to −∞, so that exp(−∞) = 0.`;
}
