import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { DrawnValues } from "../../exports/drawn-values.js";
import type { LensReading } from "../../reading/readings.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { LensChart, type LensMeasure } from "../../ui/lens-chart.js";
import { Panel } from "../../ui/panel.js";
import { Term } from "../../ui/term.js";
import { tone } from "../../ui/theme.js";
import { useSeen } from "../../ui/use-seen.js";
import { LiveLine } from "../../ui/live-line.js";
import { predictedTokens, selectedPosition } from "./positions.js";
import type { StateProps } from "./state-props.js";

const measures: Record<LensMeasure, string> = { top: "Likeliest", actual: "The token that follows", entropy: "Entropy" };

/** What each layer would predict. */
export function LensPanel({ state }: StateProps): JSX.Element | null {
  const [ref, seen] = useSeen();
  const { measure } = state.view.value;
  useEffect(() => {
    if (seen && state.readings.head.answered.value?.input.input === state.workspace.input.value) state.readLens();
  }, [seen, state.workspace.input.value, state.readings.head.answered.value]);
  if (state.info.value?.predicts === "nothing") return null;
  return (
    <div ref={ref} class="explore-lens">
      <Panel
        id="lens"
        title="When does the model know?"
        teaches={
          <>
            The <Term name="lens">logit lens</Term> reads each layer as if it were the last one: the likeliest token at each position, from
            the <Term name="embedding">embedding</Term> at the bottom to the last layer at the top.
          </>
        }
        question="In which layer does the right token first appear? Which heads of that layer could have brought it?"
      >
        <div class="gallery-tools">
          <Segmented
            name="measure"
            label="Colour"
            value={measure}
            choices={choicesOf(["top", "actual", "entropy"], measures)}
            onChange={(next) => state.look({ measure: next })}
          />
          <LensExport state={state} />
        </div>
        <LiveLine live={state.readings.lens} what="Reading the layers" />
        <Lens state={state} />
      </Panel>
    </div>
  );
}

function Lens({ state }: StateProps): JSX.Element | null {
  const lens = state.readings.lens.answered.value?.result;
  if (lens === undefined) return null;
  const { measure, lensLayer } = state.view.value;
  const tokens = predictedTokens(state).map(({ text }) => text);
  return (
    <LensChart
      lens={lens}
      tokens={tokens}
      measure={measure}
      selected={[lensLayer < 0 ? lens.layers.length - 1 : lensLayer, Math.max(0, selectedPosition(state))]}
      onSelect={(layer, position) => {
        state.choosePosition(position);
        state.look({ lensLayer: layer });
      }}
    />
  );
}

function LensExport({ state }: StateProps): JSX.Element | null {
  const lens = state.readings.lens.answered.value?.result;
  if (lens === undefined) return null;
  const tokens = predictedTokens(state).map(({ text }) => text);
  return <ExportMenu what="this chart" files={state.exports.ofValues(chartOf(lens, tokens, state.info.value?.title ?? ""))} />;
}

/** The probability of the likeliest token of each layer, which is named beside the token, as a map with the last layer on top. */
function chartOf({ layers, cells }: LensReading, tokens: readonly string[], model: string): DrawnValues {
  const order = layers.map((_, index) => layers.length - 1 - index);
  const flat = order.flatMap((layer) => cells[layer]!);
  return {
    title: `${model}: probability of the likeliest token, by layer`,
    unit: "probability",
    axes: ["layer", "token"],
    data: {
      rows: layers.length,
      columns: tokens.length,
      values: Float32Array.from(flat, (cell) => cell?.top[0]?.probability ?? 0),
      allowed: Uint8Array.from(flat, (cell) => (cell === null ? 0 : 1)),
    },
    rowNames: order.map((layer) => layers[layer]!),
    columnNames: tokens,
    tone: tone.value,
    details: { likeliest: order.map((layer) => cells[layer]!.map((cell) => cell?.top[0]?.text ?? null)) },
  };
}
