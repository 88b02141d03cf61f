import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { DataTable } from "../../../ui/data-table.js";
import { choicesOf, Segmented } from "../../../ui/fields.js";
import { describeToken, visibleToken } from "../../../ui/format.js";
import { formatSigned } from "../../../ui/format-signed.js";
import { formatProbability } from "../../../ui/probability-bars.js";
import { byLossChange, type PositionChange } from "./position-changes.js";

const fewRows = 12;
const orders = ["text", "change"] as const;

interface ChangeTableProps {
  readonly tokens: readonly string[];
  readonly changes: readonly PositionChange[];
  readonly selected: number;
  readonly onSelect: (position: number) => void;
  /** What stands beside the choice of the order. */
  readonly children: ComponentChildren;
}

/** The predictions of each position before and after; of a long text, those that change most. */
export function ChangeTable({ tokens, changes, selected, onSelect, children }: ChangeTableProps): JSX.Element {
  const order = useSignal<(typeof orders)[number]>("change");
  const showsAll = useSignal(false);
  const sorted = order.value === "text" ? changes : byLossChange(changes);
  const rows = showsAll.value ? sorted : sorted.slice(0, fewRows);
  return (
    <div class="change-table">
      <div class="gallery-tools">
        <Segmented
          name="position-order"
          label="Order"
          value={order.value}
          choices={choicesOf(orders, { text: "As in the text", change: "Largest change first" })}
          onChange={(next) => (order.value = next)}
        />
        {changes.length > fewRows && (
          <button type="button" class="plain-button" onClick={() => (showsAll.value = !showsAll.value)}>
            {showsAll.value ? "Show fewer" : `Show all ${changes.length}`}
          </button>
        )}
        {children}
      </div>
      <DataTable
        label="Predictions before and after"
        height={showsAll.value ? "tall" : ""}
        columns={["After", "Likeliest before", "Likeliest after", "What follows", "Probability of it", "Loss"]}
      >
        {rows.map((change) => (
          <ChangeRow
            key={change.position}
            token={tokens[change.position] ?? ""}
            change={change}
            isSelected={change.position === selected}
            onSelect={() => onSelect(change.position)}
          />
        ))}
      </DataTable>
    </div>
  );
}

interface ChangeRowProps {
  readonly token: string;
  readonly change: PositionChange;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function ChangeRow({ token, change: { position, before, after, isOther, actual }, isSelected, onSelect }: ChangeRowProps): JSX.Element {
  return (
    <tr class={isSelected ? "chosen" : undefined}>
      <th scope="row">
        <button type="button" class="row-button" aria-pressed={isSelected} onClick={onSelect}>
          <bdi>{describeToken(token, position)}</bdi>
        </button>
      </th>
      <td>
        <bdi class="token">{visibleToken(before?.text ?? "")}</bdi>
      </td>
      <td class={isOther ? "other" : undefined}>
        <bdi class="token">{visibleToken(after?.text ?? "")}</bdi>
        {isOther && <span class="other-mark"> changed</span>}
      </td>
      <td>{actual === null ? "–" : <bdi class="token">{visibleToken(actual.text)}</bdi>}</td>
      <td>{actual === null ? "–" : `${formatProbability(actual.before)} → ${formatProbability(actual.after)}`}</td>
      <td>{actual === null ? "–" : formatSigned(actual.lossChange)}</td>
    </tr>
  );
}
