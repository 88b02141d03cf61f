import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { SavedTensorMap } from "../../../exports/saved-tensor-map.js";
import type { Saving } from "../../../exports/saving.js";
import { SavedPlot } from "../../../ui/saved-plot.js";
import { tone } from "../../../ui/theme.js";
import type { BucketPicture } from "./picture.js";

interface BucketStripProps {
  readonly picture: BucketPicture;
  readonly length: number;
  readonly saving: Saving;
}

/** The bucket of each distance, and the biases of the buckets. */
export function BucketStrip({ picture, length, saving }: BucketStripProps): JSX.Element {
  const distances = useMemo(() => Float64Array.from({ length: 2 * length - 1 }, (_, at) => at - (length - 1)), [length]);
  const scale = useMemo(() => signedScale(picture.weight, tone.value), [picture, tone.value]);
  const buckets = picture.weight.length / picture.heads;
  const data = useMemo(
    () => ({ rows: picture.heads, columns: buckets, values: byHead(picture.weight, buckets, picture.heads) }),
    [picture],
  );
  return (
    <>
      <SavedPlot
        name="buckets"
        label="The bucket of each distance"
        xName="distance"
        yName="bucket"
        xs={distances}
        lines={[{ name: "bucket", values: picture.buckets, series: 0 }]}
      />
      <SavedTensorMap
        saving={saving}
        title="biases of the buckets"
        label="The bias of each bucket and head"
        data={data}
        scale={scale}
        rowNames={Array.from({ length: picture.heads }, (_, head) => String(head))}
        rowName="head"
        columnName="bucket"
        unit="bias of a bucket"
      />
    </>
  );
}

/** `[buckets, heads]` -> `[heads, buckets]` */
function byHead(weight: Float32Array, buckets: number, heads: number): Float32Array {
  return Float32Array.from(weight, (_, at) => weight[(at % buckets) * heads + Math.floor(at / buckets)]!);
}
