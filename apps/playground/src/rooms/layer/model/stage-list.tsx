import type { JSX } from "preact";
import type { LayerStage } from "../../../reading/readings.js";
import { formatNumber } from "../../../ui/format.js";
import { stageWords } from "./stage-words.js";

interface StageListProps {
  readonly stages: readonly LayerStage[];
  readonly chosen: number;
  readonly choose: (index: number) => void;
}

/** The stages of a layer in order, each with the range of its numbers on one axis. */
export function StageList({ stages, chosen, choose }: StageListProps): JSX.Element {
  const reach = Math.max(...stages.flatMap(({ min, max }) => [Math.abs(min), Math.abs(max)])) || 1;
  const percent = (value: number): number => 50 + (50 * value) / reach;
  return (
    <ol class="stage-list" aria-label="Stages of the layer, in the order of the computation">
      {stages.map((stage, index) => {
        const { part, side, min, mean, max } = stage;
        const isStream = part === "" || (side === "input" && part.endsWith("Norm"));
        return (
          <li key={`${part} ${side}`}>
            <button
              type="button"
              class={isStream ? "layer-stage stream" : "layer-stage"}
              aria-pressed={index === chosen}
              onClick={() => choose(index)}
            >
              <span>{stageWords(stage).title}</span>
              <span
                class="stage-range"
                role="img"
                aria-label={`from ${formatNumber(min)} to ${formatNumber(max)}, mean ${formatNumber(mean)}`}
              >
                <span class="stage-bar" style={{ left: `${percent(min)}%`, right: `${100 - percent(max)}%` }} />
                <span class="stage-mean" style={{ left: `${percent(mean)}%` }} />
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
