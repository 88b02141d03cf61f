import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { formatSigned } from "../../../ui/format-signed.js";
import { largestMagnitude } from "../../../color/color-scale.js";
import { type EffectColumn, effectColumns, type EffectOrder, type HeadEffect, nextOrder, sortEffects } from "./head-effects.js";

const columnNames: Readonly<Record<EffectColumn, string>> = {
  change: "Loss without it",
  percentile: "Above other heads",
  predictedChange: "Gradient foresees",
  attribution: "Adds directly",
};

const columnNotes: Readonly<Record<EffectColumn, string>> = {
  change: "Mean loss without the head − with it, in nats. Above 0: the head helps.",
  percentile: "The share of the other heads that change the loss less. Half of them do for a head drawn at random.",
  predictedChange: "−∂L/∂ξ of a gate on the head, in nats: an estimate for a small turn of the gate.",
  attribution: "What the head adds to the logit of the token that follows, without what later layers make of it.",
};

interface EffectTableProps {
  readonly effects: readonly HeadEffect[];
  readonly isOff: (effect: HeadEffect) => boolean;
  readonly onToggle: (effect: HeadEffect) => void;
}

/** What every head does to the loss, beside what other methods say; sorted by a click on a column. */
export function EffectTable({ effects, isOff, onToggle }: EffectTableProps): JSX.Element {
  const order = useSignal<EffectOrder>({ by: "change", isDescending: true });
  const scales = Object.fromEntries(effectColumns.map((column) => [column, largestMagnitude(effects.map((each) => each[column] ?? 0))]));
  return (
    <div class="table-scroll effect-scroll" tabIndex={0} role="group" aria-label="Effects of all heads">
      <table class="effect-table">
        <thead>
          <tr>
            {(["name", ...effectColumns] as const).map((column) => (
              <SortHeader key={column} column={column} order={order.value} onSort={(next) => (order.value = next)} />
            ))}
            <th scope="col">Looks like</th>
          </tr>
        </thead>
        <tbody>
          {sortEffects(effects, order.value).map((effect) => (
            <EffectRow key={effect.name} effect={effect} scales={scales} isOff={isOff(effect)} onToggle={() => onToggle(effect)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SortHeaderProps {
  readonly column: EffectOrder["by"];
  readonly order: EffectOrder;
  readonly onSort: (order: EffectOrder) => void;
}

function SortHeader({ column, order, onSort }: SortHeaderProps): JSX.Element {
  const isSorted = order.by === column;
  const direction = order.isDescending ? "descending" : "ascending";
  return (
    <th scope="col" aria-sort={isSorted ? direction : "none"}>
      <button
        type="button"
        class="row-button"
        title={column === "name" ? undefined : columnNotes[column]}
        onClick={() => onSort(nextOrder(order, column))}
      >
        {column === "name" ? "Head" : columnNames[column]}{" "}
        <span aria-hidden="true">{isSorted ? (order.isDescending ? "↓" : "↑") : "↕"}</span>
      </button>
    </th>
  );
}

interface EffectRowProps {
  readonly effect: HeadEffect;
  readonly scales: Readonly<Record<string, number>>;
  readonly isOff: boolean;
  readonly onToggle: () => void;
}

function EffectRow({ effect, scales, isOff, onToggle }: EffectRowProps): JSX.Element {
  const { name, percentile, labels } = effect;
  return (
    <tr class={isOff ? "chosen" : undefined}>
      <th scope="row">
        <button
          type="button"
          class="row-button"
          aria-pressed={isOff}
          title={isOff ? "Switch it on again" : "Switch it off"}
          onClick={onToggle}
        >
          {name}
          {isOff && <span class="off-mark"> off</span>}
        </button>
      </th>
      <SignedCell value={effect.change} largest={scales.change!} />
      <td>{percentile === null ? "–" : `${Math.round(percentile * 100)} %`}</td>
      <SignedCell value={effect.predictedChange} largest={scales.predictedChange!} />
      <SignedCell value={effect.attribution} largest={scales.attribution!} />
      <td>{labels === undefined ? "…" : labels.length === 0 ? <span class="none">no label</span> : labels.join(", ")}</td>
    </tr>
  );
}

/** A signed number with a bar from the middle, to the right if it is above 0. */
function SignedCell({ value, largest }: { readonly value: number | null; readonly largest: number }): JSX.Element {
  if (value === null) return <td>–</td>;
  return (
    <td class="signed-cell">
      <span
        class={value < 0 ? "signed-bar below" : "signed-bar"}
        style={{ "--share": Math.abs(value) / (largest || 1) }}
        aria-hidden="true"
      />
      {formatSigned(value)}
    </td>
  );
}
