import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { SavedTensorMap } from "../../../exports/saved-tensor-map.js";
import type { Saving } from "../../../exports/saving.js";
import type { LayerStage } from "../../../reading/readings.js";
import { formatNumber } from "../../../ui/format.js";
import { Panel } from "../../../ui/panel.js";
import { rangeWords } from "../../../ui/range-words.js";
import { tone } from "../../../ui/theme.js";
import { stageWords } from "./stage-words.js";

interface StagePanelProps {
  readonly stages: readonly LayerStage[];
  readonly index: number;
  readonly saving: Saving;
}

/** The numbers of one stage, and what they say beside those of the stream before. */
export function StagePanel({ stages, index, saving }: StagePanelProps): JSX.Element {
  const stage = stages[index]!;
  const { title, meaning } = stageWords(stage);
  const { values, columns, tokens } = stage;
  const scale = useMemo(() => signedScale(values, tone.value), [values, tone.value]);
  const data = useMemo(() => ({ rows: tokens.length, columns, values }), [stage]);
  return (
    <Panel id="stage" title={title} teaches={meaning}>
      <p class="stage-words">{wordsOf(stage, stages[0]!)}</p>
      <SavedTensorMap
        saving={saving}
        title={title}
        label={title}
        data={data}
        scale={scale}
        rowNames={tokens}
        rowName="token"
        columnName={stage.part.startsWith("feedForward.") ? "hidden unit" : "dimension"}
        unit="value"
      />
    </Panel>
  );
}

const allZero = "All of them are 0 on this text, so this part adds nothing. Choose another model to see it at work.";

/** Smallest, mean and largest number in a sentence, and how the reach compares with that of the stream. */
function wordsOf({ min, mean, max, tokens, columns, part }: LayerStage, before: LayerStage): string {
  const size = `${tokens.length} ${tokens.length === 1 ? "token" : "tokens"}, ${columns} ${columns === 1 ? "number" : "numbers"} each.`;
  if (min === 0 && max === 0) return `${size} ${allZero}`;
  const range = rangeWords({ min, mean, max });
  if (part === "" && max === before.max && min === before.min) return `${size} ${range}`;
  const times = Math.max(Math.abs(min), Math.abs(max)) / Math.max(Math.abs(before.min), Math.abs(before.max));
  return `${size} ${range} That reaches ${formatNumber(times)} times as far from 0 as the stream before the layer.`;
}
