import type { JSX } from "preact";
import { formatNumber } from "../../../ui/format.js";
import { formatSigned } from "../../../ui/format-signed.js";
import { Term } from "../../../ui/term.js";
import type { Comparison } from "./comparison.js";

interface LossLineProps {
  readonly comparison: Comparison;
  readonly isEdited: boolean;
}

/** The mean loss before and after; nothing where the model has none. */
export function LossLine({ comparison: { before, after }, isEdited }: LossLineProps): JSX.Element | null {
  const [loss, next] = [before.meanLoss, after.ok ? after.result.meanLoss : null];
  if (loss === null || next === null) return null;
  return (
    <p class="loss-change">
      Mean <Term name="loss">loss</Term> <strong>{formatNumber(loss)}</strong>
      {isEdited && (
        <>
          {" "}
          → <strong>{formatNumber(next)}</strong>
        </>
      )}{" "}
      <Term name="nat">nats</Term>
      {isEdited && ` (${formatSigned(next - loss)})`}
    </p>
  );
}
