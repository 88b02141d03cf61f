import type { JSX } from "preact";
import { formatNumber } from "../../ui/format.js";
import type { PictureProps } from "./picture-props.js";
import { readCell, rowValues } from "./read-cell.js";
import { sayScale } from "./say.js";
import { useExplanation } from "./use-explanation.js";
import type { Cell } from "./view.js";

interface CellStepsProps extends PictureProps {
  readonly head: number;
  readonly cell: Cell;
}

/** Raw, scaled, masked, softmax: the stages of one cell with their numbers. */
export function CellSteps({ state, picture, head, cell }: CellStepsProps): JSX.Element {
  const { raw, scaled, score, weight, allowed, rank, allowedKeys } = readCell(picture, head, cell);
  const reason = useExplanation(state, picture, cell);
  const sum = rowValues(picture, "masked", head, cell.query).reduce((total, each) => total + Math.exp(each), 0);
  return (
    <ol class="steps">
      <Step name="dot product" result={formatNumber(raw)}>
        q · k, the sum of the {picture.headDim} products
      </Step>
      <Step name="scaled" result={formatNumber(scaled)}>
        {formatNumber(raw)} {sayScale(picture)}
      </Step>
      <Step name={allowed ? "allowed" : "masked"} result={allowed ? formatNumber(score) : "−∞"}>
        {reason ?? "…"}
        {allowed && score !== scaled ? `; a bias of ${formatNumber(score - scaled)} for this distance is added` : ""}
      </Step>
      <Step name="softmax" result={formatNumber(weight)}>
        {allowed
          ? `exp(${formatNumber(score)}) / Σ exp = ${formatNumber(Math.exp(score))} / ${formatNumber(sum)}; rank ${rank} of ${allowedKeys} keys`
          : "exp(−∞) = 0: nothing of this value is passed on"}
      </Step>
    </ol>
  );
}

interface StepProps {
  readonly name: string;
  readonly result: string;
  readonly children: JSX.Element | string | (string | number | JSX.Element)[];
}

function Step({ name, result, children }: StepProps): JSX.Element {
  return (
    <li class="step">
      <span class="step-name">{name}</span>
      <span class="step-how">{children}</span>
      <span class="step-result">{result}</span>
    </li>
  );
}
