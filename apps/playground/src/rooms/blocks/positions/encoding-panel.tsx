import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { Panel } from "../../../ui/panel.js";
import { TensorMap } from "../../../ui/tensor-map.js";
import { tone } from "../../../ui/theme.js";
import { ArrowGrid } from "./arrow-grid.js";
import { BucketStrip } from "./bucket-strip.js";
import type { SinusoidPicture } from "./picture.js";
import { SlopeBars } from "./slope-bars.js";
import type { PositionAnswer } from "./state.js";

/** The encoding itself. */
export function EncodingPanel({ answer: { picture, settings } }: { readonly answer: PositionAnswer }): JSX.Element {
  switch (picture.encoding) {
    case "sinusoids":
      return (
        <Panel
          id="encoding"
          title="A barcode for every position"
          teaches="Every two columns are a sine and a cosine that turn slower from left to right, so each position gets a row of its own, as the hands of many clocks tell one time. The row is added to the token's vector."
          question="Lower the base to 100. Which columns change, and could the model still tell position 0 from position 60?"
        >
          <SinusoidMap picture={picture} length={picture.length} />
        </Panel>
      );
    case "rotary":
      return (
        <Panel
          id="encoding"
          title="Every pair of dimensions turns"
          teaches="RoPE takes the dimensions of a query or key in pairs and turns each pair by position times frequency: the first pairs fast, the last slowly. Nothing is added, and no length changes."
          question="Choose a scaling with factor 4. Which pairs turn slower than before, and which does YaRN leave as they were?"
        >
          <ArrowGrid picture={picture} length={picture.length} yarn={settings.scaling === "yarn"} />
        </Panel>
      );
    case "alibi":
      return (
        <Panel
          id="encoding"
          title="One slope for each head"
          teaches="ALiBi changes no vector: it lowers a score by the distance times the head's slope, which falls by the same factor from head to head, so that some heads see near keys only and others nearly all."
          question="Set 6 heads, which is no power of two. Where do the extra slopes fall between the others?"
        >
          <SlopeBars slopes={picture.slopes} />
        </Panel>
      );
    default:
      return (
        <Panel
          id="encoding"
          title="Near distances apart, far ones together"
          teaches="T5 puts distances into buckets: each near one has its own, farther ones share wider and wider buckets, and all beyond the last edge share one. Every head learns one number for each bucket; here they are freshly drawn."
          question="Switch off the buckets for keys ahead. Which bucket do all keys ahead fall into now?"
        >
          <BucketStrip picture={picture} length={picture.length} />
        </Panel>
      );
  }
}

function SinusoidMap({ picture, length }: { readonly picture: SinusoidPicture; readonly length: number }): JSX.Element {
  const scale = useMemo(() => signedScale(picture.values, tone.value), [picture, tone.value]);
  const data = useMemo(() => ({ rows: length, columns: picture.width, values: picture.values }), [picture]);
  const names = useMemo(() => Array.from({ length }, (_, position) => String(position)), [length]);
  return (
    <TensorMap
      label="Sinusoids: rows are positions, columns dimensions"
      data={data}
      scale={scale}
      rowNames={names}
      rowName="position"
      columnName="dimension"
      legend="sin and cos"
    />
  );
}
