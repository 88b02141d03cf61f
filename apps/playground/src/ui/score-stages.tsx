import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, signedScale, weightScale } from "../color/color-scale.js";
import type { CellReading } from "../reading/readings.js";
import type { CellOriginProps } from "./cell-origin.js";
import { describeToken, formatNumber } from "./format.js";
import { Legend } from "./legend.js";
import { RowStrip } from "./row-strip.js";
import { tone } from "./theme.js";

/** The scores of one query at each stage: dot products, scaled, with cap and bias, masked, and after the softmax. Each stage has its own scale. */
export function ScoreStages({ cell, queryTokens, keyTokens, onChooseKey }: CellOriginProps): JSX.Element {
  const { raw, scaled, masked, weights, allowed, key } = cell;
  const strip = { tokens: keyTokens, chosen: key, onChoose: onChooseKey };
  const capped = useMemo(() => beforeMask(cell), [cell]);
  return (
    <ol class="stages" aria-label={`The scores of ${describeToken(queryTokens[cell.query] ?? "", cell.query)} for all keys`}>
      <Stage
        name="1 dot product"
        how={`q · k, the sum of ${cell.queryVector.length} products`}
        result={raw[key]!}
        values={raw}
        {...strip}
      />
      <Stage name="2 scaled" how={`${formatNumber(raw[key]!)} ${describeScale(cell)}`} result={scaled[key]!} values={scaled} {...strip} />
      {capped !== undefined && (
        <Stage
          name="2½ capped, with bias"
          how="the model limits large scores, or adds a number for the distance"
          result={capped[key]!}
          values={capped}
          {...strip}
        />
      )}
      <Stage
        name={allowed[key] === 1 ? "3 allowed" : "3 masked"}
        how={cell.reason}
        result={masked[key]!}
        values={masked}
        allowed={allowed}
        {...strip}
      />
      <Stage name="4 softmax" how={softmaxWords(cell)} result={weights[key]!} values={weights} allowed={allowed} isWeight {...strip} />
    </ol>
  );
}

interface StageProps {
  readonly name: string;
  readonly how: ComponentChildren;
  readonly result: number;
  readonly values: Float32Array;
  readonly allowed?: Uint8Array;
  readonly isWeight?: boolean;
  readonly tokens: readonly string[];
  readonly chosen: number;
  readonly onChoose: ((key: number) => void) | undefined;
}

function Stage({ name, how, result, values, allowed, isWeight = false, tokens, chosen, onChoose }: StageProps): JSX.Element {
  const scale: ColorScale = useMemo(
    () => (isWeight ? weightScale("blues", tone.value) : signedScale(values, tone.value)),
    [values, isWeight, tone.value],
  );
  return (
    <li class="stage">
      <div class="step">
        <span class="step-name">{name}</span>
        <span class="step-how">{how}</span>
        <span class="step-result">{formatNumber(result)}</span>
      </div>
      <RowStrip
        label={`${name} for all keys`}
        values={values}
        allowed={allowed}
        scale={scale}
        tokens={tokens}
        chosen={chosen}
        onChoose={onChoose}
      />
      <Legend title={isWeight ? "weight" : "score"} scale={scale} masked={allowed?.includes(0) ? "masked" : undefined} />
    </li>
  );
}

/** How the scores are scaled: by 1 / √headDim, not at all, or by the factor of the model. */
function describeScale({ scale, queryVector: { length } }: Pick<CellReading, "scale" | "queryVector">): string {
  if (Math.abs(scale * Math.sqrt(length) - 1) < 1e-6) return `/ √${length}`;
  return Math.abs(scale - 1) < 1e-6 ? `× 1: this model does not divide by √${length}` : `× ${formatNumber(scale)}`;
}

/** The allowed scores after cap and bias; undefined if there is neither. */
function beforeMask({ scaled, masked, allowed }: CellReading): Float32Array | undefined {
  const differs = masked.some((value, key) => allowed[key] === 1 && Math.abs(value - scaled[key]!) > 1e-4 * Math.max(1, Math.abs(value)));
  return differs ? masked.map((value, key) => (allowed[key] === 1 ? value : Number.NaN)) : undefined;
}

function softmaxWords({ masked, allowed, weights, key }: CellReading): string {
  if (allowed[key] !== 1) return "exp(−∞) = 0, so this value is not passed on";
  const largest = masked.reduce((most, value) => Math.max(most, value), -Infinity);
  const sum = masked.reduce((total, value) => total + Math.exp(value - largest), 0);
  const rank = 1 + weights.filter((weight, index) => allowed[index] === 1 && weight > weights[key]!).length;
  const keys = allowed.filter((open) => open === 1).length;
  const fraction = `${formatNumber(Math.exp(masked[key]! - largest))} / ${formatNumber(sum)}`;
  return `exp(score − largest) / sum = ${fraction}; rank ${rank} of ${keys} ${keys === 1 ? "key" : "keys"}`;
}
