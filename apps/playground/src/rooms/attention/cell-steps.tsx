import type { JSX } from "preact";
import { formatNumber } from "../../ui/format.js";
import type { Cell } from "../../ui/heat-map.js";
import type { PictureProps } from "./picture-props.js";
import { describeScale } from "./describe-cell.js";
import { readCell, rowValues } from "./read-cell.js";
import { useExplanation } from "./use-explanation.js";

interface CellStepsProps extends PictureProps {
  readonly head: number;
  readonly cell: Cell;
}

/** The four stages of one cell: dot product, scaling, mask and softmax. */
export function CellSteps({ state, picture, head, cell }: CellStepsProps): JSX.Element {
  const { raw, scaled, score, weight, allowed, rank, allowedKeys } = readCell(picture, head, cell);
  const reason = useExplanation(state, picture, cell);
  const sum = rowValues(picture, "masked", head, cell.query).reduce((total, each) => total + Math.exp(each), 0);
  return (
    <ol class="steps">
      <Step name="dot product" result={formatNumber(raw)}>
        q · k, the sum of {picture.headDim} products
      </Step>
      <Step name="scaled" result={formatNumber(scaled)}>
        {formatNumber(raw)} {describeScale(picture)}
      </Step>
      <Step name={allowed ? "allowed" : "masked"} result={allowed ? formatNumber(score) : "−∞"}>
        {reason ?? "…"}
        {allowed && score !== scaled ? `; plus a bias of ${formatNumber(score - scaled)} for this distance` : ""}
      </Step>
      <Step name="softmax" result={formatNumber(weight)}>
        {allowed
          ? `exp(${formatNumber(score)}) / Σ exp = ${formatNumber(Math.exp(score))} / ${formatNumber(sum)}; rank ${rank} of ${allowedKeys} keys`
          : "exp(−∞) = 0, so this value is not passed on"}
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
