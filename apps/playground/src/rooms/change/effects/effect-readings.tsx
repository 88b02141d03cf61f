import type { JSX } from "preact";
import type { AblationsReading } from "../../../reading/readings.js";
import { formatNumber } from "../../../ui/format.js";
import { formatSigned } from "../../../ui/format-signed.js";
import { type HeadEffect, mostNeeded } from "./head-effects.js";

interface EffectReadingsProps {
  readonly reading: AblationsReading;
  readonly heads: readonly HeadEffect[];
}

/** What the numbers say, and what they do not. */
export function EffectReadings({ reading: { randomHead }, heads }: EffectReadingsProps): JSX.Element {
  const most = mostNeeded(heads);
  return (
    <div class="effect-readings">
      <p>
        {most === undefined
          ? "No head alone makes the loss rise."
          : `Without ${most.name} the mean loss changes most: ${formatSigned(most.change!)} nats.`}
        {randomHead !== null &&
          ` A head drawn at random changes it by ${formatSigned(randomHead.mean)} (standard deviation ${formatNumber(randomHead.standardDeviation)}, ${randomHead.draws} heads).`}
        {most !== undefined &&
          most.predictedChange !== null &&
          ` The gradient foresees ${formatSigned(most.predictedChange)} for ${most.name}.`}
      </p>
      <p class="hint">
        A head that changes little alone is not useless: another one may do the same work. What a head adds directly, or a gradient
        foresees, is an estimate; only switching the head off shows its effect.
      </p>
    </div>
  );
}
