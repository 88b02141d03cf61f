import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, type Reach, reaches, weightScale } from "../../color/color-scale.js";
import { type RampName, rampNames } from "../../color/ramps.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { HeatMap } from "../../ui/heat-map.js";
import { Legend } from "../../ui/legend.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import type { PictureProps } from "./picture-props.js";
import { headValues } from "./read-cell.js";
import type { RoomState } from "./room-state.js";
import { isMasked, largestWeight, weightTitle } from "./scales.js";

const rampTitles: Record<RampName, string> = { blues: "One hue", viridis: "Viridis" };
const reachNames: Record<Reach, string> = { one: "0–1", root: "√", largest: "0–max" };
// Below this the fixed scale hardly leaves its first colours.
const faint = 0.2;

/** Every head's weights side by side, on one scale. */
export function HeadGallery({ state, picture }: PictureProps): JSX.Element {
  const { ramp, reach } = state.view.value;
  const largest = useMemo(() => largestWeight(picture), [picture]);
  const scale = useMemo(() => weightScale(ramp, tone.value, reach, largest), [ramp, reach, largest, tone.value]);
  return (
    <Panel
      id="heads"
      title={picture.heads === 1 ? "The one head" : `All ${picture.heads} heads`}
      teaches="Heads read the same tokens through different weights, in parallel: several perspectives at once. Rows are queries, columns are keys, and every row shares out exactly 1."
      question={
        picture.model === undefined
          ? "Press “Other weights” a few times. Which parts of the picture change, and which stay wherever the mask puts them?"
          : "Change one word of the text. Which heads follow the word, and which keep to a place or a distance?"
      }
    >
      <div class="gallery-tools">
        <Legend title={weightTitle(reach)} scale={scale} masked={isMasked(picture) ? "masked" : undefined} />
        <div class="gallery-choices">
          <Segmented
            name="reach"
            label="Scale"
            value={reach}
            choices={choicesOf(reaches, reachNames)}
            onChange={(value) => state.look({ reach: value })}
          />
          <Segmented
            name="ramp"
            label="Colours"
            value={ramp}
            choices={choicesOf(rampNames, rampTitles)}
            onChange={(value) => state.look({ ramp: value })}
          />
        </div>
      </div>
      {largest < faint && reach === "one" && (
        <p class="hint">Many keys share each row, so no weight is over {formatNumber(largest)}: the scale 0–max shows more.</p>
      )}
      <div class="gallery" data-heads={picture.heads}>
        {Array.from({ length: picture.heads }, (_, head) => (
          <HeadThumbnail key={head} state={state} picture={picture} head={head} scale={scale} />
        ))}
      </div>
    </Panel>
  );
}

function HeadThumbnail({ state, picture, head, scale }: PictureProps & { readonly head: number; readonly scale: ColorScale }): JSX.Element {
  const chosen = state.head.value === head;
  return (
    <div class={chosen ? "thumbnail chosen" : "thumbnail"}>
      <button type="button" class="thumbnail-title" aria-pressed={chosen} onClick={() => state.look({ head })}>
        Head {head} <ThumbnailNumber state={state} head={head} />
      </button>
      <div class="thumbnail-map" onClick={() => state.look({ head })}>
        <ThumbnailMap state={state} picture={picture} head={head} scale={scale} />
      </div>
    </div>
  );
}

function ThumbnailMap({ state, picture, head, scale }: PictureProps & { readonly head: number; readonly scale: ColorScale }): JSX.Element {
  const data = useMemo(
    () => ({
      rows: picture.queryTokens.length,
      columns: picture.keyTokens.length,
      values: headValues(picture, "probabilities", head),
      allowed: picture.allowed,
    }),
    [picture, head],
  );
  const { value: hovered } = state.hovered;
  const { value: pinned } = state.pinned;
  return (
    <HeatMap
      size="small"
      data={data}
      scale={scale}
      rowTokens={picture.queryTokens}
      columnTokens={picture.keyTokens}
      crosshair={hovered && { row: hovered.query, column: hovered.key }}
      pinned={pinned && { row: pinned.query, column: pinned.key }}
      onPoint={(cell) => state.hover(cell && { head, query: cell.row, key: cell.column, x: cell.x, y: cell.y })}
    />
  );
}

/** Normalised entropy, once it is known. */
function ThumbnailNumber({ state, head }: { readonly state: RoomState; readonly head: number }): JSX.Element | null {
  const entropy = state.numbers.value?.perHead[head]?.normalizedEntropy;
  if (entropy === undefined || entropy === null) return null;
  return (
    <span class="thumbnail-number" title="normalised entropy: 0 looks at one key, 1 at all alike">
      {entropy.toFixed(2)}
    </span>
  );
}
