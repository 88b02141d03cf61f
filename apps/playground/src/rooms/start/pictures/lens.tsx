import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { LensChart } from "../../../ui/lens-chart.js";
import type { StepProps } from "../lesson-step.js";
import { restart } from "../steps/starts.js";
import { useRequest } from "../use-request.js";

/** What each layer would predict at each token. */
export function Lens({ workspace, readings }: StepProps): JSX.Element {
  useRequest(workspace, readings.tokens, (input) => input);
  useRequest(workspace, readings.lens, (input) => input);
  const selected = useSignal<readonly [layer: number, position: number]>([Infinity, restart]);
  const lens = readings.lens.answered.value?.result;
  const tokens = readings.tokens.answered.value?.result.tokens.map(({ text }) => text) ?? [];
  if (lens === undefined || lens.cells[0]?.length !== tokens.length) return <p class="picture-wait">Computing …</p>;
  return (
    <LensChart
      lens={lens}
      tokens={tokens}
      measure="actual"
      selected={selected.value}
      onSelect={(layer, position) => (selected.value = [layer, position])}
    />
  );
}
