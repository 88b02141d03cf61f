import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, weightScale } from "../../color/color-scale.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { HeatMap } from "../../ui/heat-map.js";
import { Legend } from "../../ui/legend.js";
import { Panel } from "../../ui/panel.js";
import { SliderField } from "../../ui/slider-field.js";
import { TensorMap } from "../../ui/tensor-map.js";
import { tone } from "../../ui/theme.js";
import type { AttentionSnapshot } from "./session-event.js";
import type { TrainingState } from "./training-state.js";

/** The attention on the example text, every few steps. */
export function AttentionPanel({ state }: { readonly state: TrainingState }): JSX.Element {
  const snapshots = state.snapshots.value;
  const chosen = useSignal<number | undefined>(undefined);
  const layer = useSignal(0);
  const head = useSignal(0);
  const at = Math.min(chosen.value ?? Infinity, snapshots.length - 1);
  const snapshot = snapshots[at];
  const scale = useMemo(() => weightScale("blues", tone.value), [tone.value]);
  return (
    <Panel
      id="probe"
      title="Attention during training"
      teaches="The attention weights on one text, from before the first step until now. When a useful pattern appears, the loss usually falls."
      question="Move the slider back. At which step does a head develop its pattern, and what does the loss do there?"
    >
      {snapshot === undefined ? (
        <p class="empty">Computing the first picture …</p>
      ) : (
        <>
          <div class="gallery-tools">
            <Segmented
              name="layer"
              label={snapshot.part === "cross" ? "Layer (cross-attention)" : "Layer"}
              value={Math.min(layer.value, snapshot.layers.length - 1)}
              choices={choicesOf([...snapshot.layers.keys()])}
              onChange={(value) => (layer.value = value)}
            />
            <Legend title="weight" scale={scale} masked={snapshot.allowed.includes(0) ? "masked" : undefined} />
          </div>
          <div class="snapshot-slider">
            <SliderField
              label={`Snapshot at step ${snapshot.step}, number`}
              value={at}
              min={0}
              max={Math.max(1, snapshots.length - 1)}
              onChange={(value) => (chosen.value = value >= snapshots.length - 1 ? undefined : value)}
            />
          </div>
          <Heads
            snapshot={snapshot}
            layer={Math.min(layer.value, snapshot.layers.length - 1)}
            head={Math.min(head.value, snapshot.heads - 1)}
            scale={scale}
            choose={(next) => (head.value = next)}
          />
        </>
      )}
    </Panel>
  );
}

interface HeadsProps {
  readonly snapshot: AttentionSnapshot;
  readonly layer: number;
  readonly head: number;
  readonly scale: ColorScale;
  readonly choose: (head: number) => void;
}

function Heads({ snapshot, layer, head, scale, choose }: HeadsProps): JSX.Element {
  const { heads, queryTokens, keyTokens } = snapshot;
  const maps = useMemo(() => Array.from({ length: heads }, (_, each) => headMap(snapshot, layer, each)), [snapshot, layer]);
  return (
    <>
      <div class="gallery" data-heads={heads}>
        {maps.map((data, each) => (
          <div key={each} class={each === head ? "thumbnail chosen" : "thumbnail"} onClick={() => choose(each)}>
            <button type="button" class="thumbnail-title" aria-pressed={each === head}>
              Head {each}
            </button>
            <HeatMap size="small" data={data} scale={scale} queryTokens={queryTokens} keyTokens={keyTokens} />
          </div>
        ))}
      </div>
      <TensorMap
        label={`Weights of layer ${layer}, head ${head}`}
        data={maps[head]!}
        scale={scale}
        rowNames={queryTokens}
        rowName="query"
        columnName="key"
        columnNames={keyTokens}
        square
      />
    </>
  );
}

function headMap({ layers, queryTokens, keyTokens, allowed }: AttentionSnapshot, layer: number, head: number) {
  const cells = queryTokens.length * keyTokens.length;
  return {
    rows: queryTokens.length,
    columns: keyTokens.length,
    values: layers[layer]!.subarray(head * cells, (head + 1) * cells),
    allowed,
  };
}
