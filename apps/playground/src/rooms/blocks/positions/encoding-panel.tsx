import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { SavedTensorMap } from "../../../exports/saved-tensor-map.js";
import type { Saving } from "../../../exports/saving.js";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import { tone } from "../../../ui/theme.js";
import { ArrowGrid } from "./arrow-grid.js";
import { BucketStrip } from "./bucket-strip.js";
import type { LearnedPicture, PositionNumbers, SinusoidPicture } from "./picture.js";
import { SlopeBars } from "./slope-bars.js";

interface EncodingPanelProps {
  readonly picture: PositionNumbers;
  readonly saving: Saving;
  readonly question: string | AnsweredQuestion;
}

const words: Record<PositionNumbers["encoding"], { readonly title: string; readonly teaches: string }> = {
  sinusoids: {
    title: "Sinusoidal encoding",
    teaches:
      "Each pair of columns is a sine and a cosine; the frequencies fall from left to right. Every position gets a different row, which is added to the vector of the token.",
  },
  rotary: {
    title: "Rotary embedding",
    teaches:
      "RoPE groups the dimensions of queries and keys into pairs and rotates each pair by position · frequency. The first pairs rotate fast, the last ones slowly. Lengths do not change.",
  },
  alibi: {
    title: "ALiBi slopes",
    teaches:
      "ALiBi does not change vectors. It lowers a score by the distance times the slope of the head. Heads with a steep slope attend only to near keys, heads with a flat slope to almost all.",
  },
  t5: {
    title: "Distance buckets",
    teaches:
      "T5 assigns distances to buckets. Near distances have a bucket each, larger distances share wider buckets, and all distances beyond a limit share the last one. Every head learns a bias per bucket.",
  },
  learned: {
    title: "Learned positions",
    teaches: "A table with a row for each position, learned in training. The row of its position is added to the vector of a token.",
  },
};

/** The encoding. */
export function EncodingPanel({ picture, saving, question }: EncodingPanelProps): JSX.Element {
  return (
    <Panel id="encoding" {...words[picture.encoding]} question={question}>
      <EncodingPicture picture={picture} saving={saving} />
    </Panel>
  );
}

function EncodingPicture({ picture, saving }: Pick<EncodingPanelProps, "picture" | "saving">): JSX.Element {
  switch (picture.encoding) {
    case "rotary":
      return <ArrowGrid picture={picture} length={picture.length} />;
    case "alibi":
      return <SlopeBars slopes={picture.slopes} saving={saving} />;
    case "t5":
      return <BucketStrip picture={picture} length={picture.length} saving={saving} />;
    default:
      return <PositionTable picture={picture} length={picture.length} saving={saving} />;
  }
}

interface PositionTableProps {
  readonly picture: SinusoidPicture | LearnedPicture;
  readonly length: number;
  readonly saving: Saving;
}

/** What is added to the vector of each position. */
function PositionTable({ picture, length, saving }: PositionTableProps): JSX.Element {
  const scale = useMemo(() => signedScale(picture.values, tone.value), [picture, tone.value]);
  const data = useMemo(() => ({ rows: length, columns: picture.width, values: picture.values }), [picture]);
  const names = useMemo(() => Array.from({ length }, (_, position) => String(position)), [length]);
  const isLearned = picture.encoding === "learned";
  return (
    <SavedTensorMap
      saving={saving}
      title="positions by dimension"
      label={`${isLearned ? "Learned positions" : "Sinusoids"}: rows are positions, columns are dimensions`}
      data={data}
      scale={scale}
      rowNames={names}
      rowName="position"
      columnName="dimension"
      unit={isLearned ? "value" : "sin and cos"}
    />
  );
}
