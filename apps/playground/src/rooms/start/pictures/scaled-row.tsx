import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { LiveResult } from "../../../compute/live-result.js";
import { choicesOf, Segmented, Switch } from "../../../ui/fields.js";
import { KeyBars } from "../../../ui/key-bars.js";
import type { StepProps } from "../lesson-step.js";

const widths = [4, 16, 64, 256] as const;
const keys = 16;
const seed = 1;
/** A query whose largest weight grows with the width of the head. */
const query = 72;

/** The scores and weights of one random query, with and without the division by √d_k. */
export function ScaledRow({ compute }: StepProps): JSX.Element {
  const headDim = useSignal<(typeof widths)[number]>(64);
  const isScaled = useSignal(true);
  const sample = useMemo(() => new LiveResult(async (settings: Parameters<typeof ask>[1]) => ask(compute, settings)), [compute]);
  useEffect(() => {
    sample.request({ headDim: headDim.value, isScaled: isScaled.value });
  }, [headDim.value, isScaled.value]);
  const row = sample.answered.value?.result.row;
  return (
    <>
      <div class="lesson-controls">
        <Segmented
          name="width"
          label="Width of the head, dₖ"
          value={headDim.value}
          choices={choicesOf(widths)}
          onChange={(width) => (headDim.value = width)}
        />
        <Switch label="divide by √dₖ" value={isScaled.value} onChange={(on) => (isScaled.value = on)} />
      </div>
      {row === undefined ? <p class="picture-wait">Computing …</p> : <KeyBars row={row} />}
    </>
  );
}

async function ask(compute: StepProps["compute"], { headDim, isScaled }: { readonly headDim: number; readonly isScaled: boolean }) {
  const { scale } = await compute.calls;
  return scale.sample({ headDim, keys, seed, row: query, scale: isScaled ? "1/sqrt(d)" : "none", factor: 1, softcap: 0, qkNorm: "none" });
}
