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
import type { DrawnPositions } from "./state.js";

/** The encoding. */
export function EncodingPanel({ drawn: { picture, settings } }: { readonly drawn: DrawnPositions }): JSX.Element {
  switch (picture.encoding) {
    case "sinusoids":
      return (
        <Panel
          id="encoding"
          title="Sinusoidal encoding"
          teaches="Each pair of columns is a sine and a cosine; the frequencies fall from left to right. Every position gets a different row, which is added to the vector of the token."
          question="Set the base to 100. Which columns change? Are the rows of positions 0 and 60 still different?"
        >
          <SinusoidMap picture={picture} length={picture.length} />
        </Panel>
      );
    case "rotary":
      return (
        <Panel
          id="encoding"
          title="Rotary embedding"
          teaches="RoPE groups the dimensions of queries and keys into pairs and rotates each pair by position · frequency. The first pairs rotate fast, the last ones slowly. Lengths do not change."
          question="Choose YaRN with factor 4. Which pairs rotate more slowly, and which stay the same?"
        >
          <ArrowGrid picture={picture} length={picture.length} yarn={settings.scaling === "yarn"} />
        </Panel>
      );
    case "alibi":
      return (
        <Panel
          id="encoding"
          title="ALiBi slopes"
          teaches="ALiBi does not change vectors. It lowers a score by the distance times the slope of the head. Heads with a steep slope attend only to near keys, heads with a flat slope to almost all."
          question="Choose 6 heads, which is not a power of two. Where do the extra slopes lie between the others?"
        >
          <SlopeBars slopes={picture.slopes} />
        </Panel>
      );
    default:
      return (
        <Panel
          id="encoding"
          title="Distance buckets"
          teaches="T5 assigns distances to buckets. Near distances have a bucket each, larger distances share wider buckets, and all distances beyond a limit share the last one. Every head learns a bias per bucket; here the biases are random."
          question="Switch off “Separate buckets for later keys”. Which bucket do all later keys fall into?"
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
      label="Sinusoids: rows are positions, columns are dimensions"
      data={data}
      scale={scale}
      rowNames={names}
      rowName="position"
      columnName="dimension"
      legend="sin and cos"
    />
  );
}
