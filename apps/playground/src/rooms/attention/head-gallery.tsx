import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, type WeightRange, weightRanges, weightScale } from "../../color/color-scale.js";
import { type RampName, rampNames } from "@tfblocks/analysis/colors";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { HeatMap } from "../../ui/heat-map.js";
import { Legend } from "../../ui/legend.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import type { AttentionState } from "./attention-state.js";
import { headMap, mapProps } from "./head-map.js";
import type { PictureProps } from "./picture-props.js";
import { isMasked, largestWeight, weightTitle } from "./scales.js";

const rampTitles: Record<RampName, string> = { blues: "One hue", viridis: "Viridis", cividis: "Cividis" };
const rangeNames: Record<WeightRange, string> = { one: "0–1", root: "√", largest: "0–max" };
/** When no weight is larger, the scale 0–1 uses only its palest colours. */
const faint = 0.2;

/** The weights of all heads side by side on one colour scale. */
export function HeadGallery({ state, picture }: PictureProps): JSX.Element {
  const { ramp, range } = state.view.value;
  const largest = useMemo(() => largestWeight(picture), [picture]);
  const scale = useMemo(() => weightScale(ramp, tone.value, range, largest), [ramp, range, largest, tone.value]);
  return (
    <Panel
      id="heads"
      title={picture.heads === 1 ? "One head" : `All ${picture.heads} heads`}
      teaches="The heads read the same tokens in parallel, each with its own projections. Rows are queries, columns are keys, and the weights of each row sum to 1."
      question={
        picture.model === undefined
          ? "Press “Next seed” a few times. Which parts of the maps change, and which are fixed by the mask?"
          : "Change one word of the text. Which heads follow the word, and which attend to a fixed position or distance?"
      }
    >
      <div class="gallery-tools">
        <Legend title={weightTitle(range)} scale={scale} masked={isMasked(picture) ? "masked" : undefined} />
        <div class="gallery-choices">
          <Segmented
            name="range"
            label="Scale"
            value={range}
            choices={choicesOf(weightRanges, rangeNames)}
            onChange={(value) => state.look({ range: value })}
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
      {largest < faint && range === "one" && (
        <p class="hint">No weight is larger than {formatNumber(largest)}. Choose the scale 0–max to see more contrast.</p>
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
  const data = useMemo(() => headMap(picture, "probabilities", head, picture.allowed), [picture, head]);
  return <HeatMap size="small" data={data} scale={scale} {...mapProps(state, picture, head)} />;
}

/** The normalised entropy of a head, once it has been measured. */
function ThumbnailNumber({ state, head }: { readonly state: AttentionState; readonly head: number }): JSX.Element | null {
  const entropy = state.numbers.value?.perHead[head]?.normalizedEntropy;
  if (entropy === undefined || entropy === null) return null;
  return (
    <span class="thumbnail-number" title="Normalised entropy: 0 = one key has all the weight, 1 = all keys have the same weight">
      {entropy.toFixed(2)}
    </span>
  );
}
