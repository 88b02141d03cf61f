import type { JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { choicesOf, Group, Segmented } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { SeedField } from "../../ui/seed-field.js";
import { ListSlider } from "../../ui/slider-field.js";
import { headDims, keyCounts, normChoices, ownScales, scaleChoices, type ScaleSettings, softcaps } from "./settings.js";
import type { ScaleState } from "./scale-state.js";

const scaleNames = { "1/sqrt(d)": "1/√dₖ", none: "none", own: "own" } as const;
const normNames = { none: "none", l2: "length 1", rms: "RMS 1" } as const;

const normHints: Readonly<Record<ScaleSettings["qkNorm"], string>> = {
  none: "Queries and keys keep their lengths.",
  l2: "Queries and keys get the length 1, so that a score is a cosine.",
  rms: "Queries and keys are divided by the root of the mean of their squares, as in Gemma 3 and Qwen 3 before their learned weights.",
};

/** The sliders of the laboratory. */
export function ScaleControls({ state }: { readonly state: ScaleState }): JSX.Element {
  const settings = state.settings.value;
  const { headDim, keys, scale, factor, softcap, qkNorm, seed } = settings;
  return (
    <ControlForm label="Settings of the laboratory">
      <Group title="Head" summary={`dₖ ${headDim}, ${keys} keys`}>
        <ListSlider label="Width of the head, dₖ" value={headDim} values={headDims} onChange={(next) => state.change({ headDim: next })} />
        <ListSlider label="Number of keys" value={keys} values={keyCounts} onChange={(next) => state.change({ keys: next })} />
      </Group>
      <Group title="Scores" summary={scaleNames[scale]}>
        <Segmented
          name="scale"
          label="Scale: what q · k is multiplied by"
          value={scale}
          choices={choicesOf(scaleChoices, scaleNames)}
          onChange={(next) => state.change({ scale: next })}
        />
        {scale === "own" && (
          <ListSlider
            label="Own scale"
            value={factor}
            values={ownScales}
            shown={formatNumber(factor)}
            onChange={(next) => state.change({ factor: next })}
          />
        )}
        <ListSlider
          label="Soft cap: c · tanh(score / c)"
          value={softcap}
          values={softcaps}
          shown={softcap === 0 ? "none" : String(softcap)}
          onChange={(next) => state.change({ softcap: next })}
        />
        <Segmented
          name="qk-norm"
          label="QK-norm"
          value={qkNorm}
          choices={choicesOf(normChoices, normNames)}
          onChange={(next) => state.change({ qkNorm: next })}
        />
        <p class="hint">{normHints[qkNorm]}</p>
      </Group>
      <Group title="Sample" summary={`seed ${seed}`}>
        <SeedField value={seed} onChange={(next) => state.change({ seed: next })} />
        <button type="button" class="plain-button" onClick={() => state.change({ row: nextRow(state) })}>
          Show another query
        </button>
      </Group>
    </ControlForm>
  );
}

function nextRow(state: ScaleState): number {
  const rows = state.sample.value?.result.rows ?? 1;
  return (state.settings.value.row + 1) % rows;
}
