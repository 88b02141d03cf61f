import type { JSX } from "preact";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import type { PictureProps } from "./picture-props.js";
import type { HeadNumbers } from "./picture.js";

/** How the heads differ, in numbers. */
export function NumbersPanel({ state, picture }: PictureProps): JSX.Element {
  const numbers = state.numbers.value;
  return (
    <Panel
      id="numbers"
      title="How the heads differ"
      teaches="Entropy measures how widely a head spreads its weight: 0 = one key has all of it, 1 = all keys have the same. Difference measures how far a head is from the other heads: 0 = the same weights, 1 = no key in common."
      question={
        picture.model === undefined
          ? "Double dModel, then double the number of heads. Which of the two changes the entropy more?"
          : "Compare with random weights. Which heads attend to only a few keys after training?"
      }
    >
      <DataTable label="Measures of every head" kind="head-numbers" columns={["Head", "Entropy", "Effective keys", "Difference"]}>
        {Array.from({ length: picture.heads }, (_, head) => (
          <HeadRow
            key={head}
            head={head}
            numbers={numbers?.perHead[head]}
            chosen={state.head.value === head}
            onChoose={() => state.look({ head })}
          />
        ))}
      </DataTable>
      <p class="hint">
        {numbers === undefined
          ? "Measuring …"
          : `Diversity of the layer: ${show(numbers.diversity)}. Uniform attention under this mask has entropy 1 and ${show(numbers.uniformKeys)} effective keys. Rows with a single allowed key are left out.`}
      </p>
    </Panel>
  );
}

interface HeadRowProps {
  readonly head: number;
  readonly numbers: HeadNumbers | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function HeadRow({ head, numbers, chosen, onChoose }: HeadRowProps): JSX.Element {
  const cells = [numbers?.normalizedEntropy, numbers?.effectiveKeys, numbers?.difference];
  return (
    <tr class={chosen ? "chosen" : undefined}>
      <th scope="row">
        <button type="button" class="row-button" aria-pressed={chosen} onClick={onChoose}>
          Head {head}
        </button>
      </th>
      {cells.map((value, column) => (
        <td key={column}>
          {column !== 1 && <span class="bar" style={{ "--share": value ?? 0 }} aria-hidden="true" />}
          <span class="bar-number">{value === undefined ? "…" : show(value)}</span>
        </td>
      ))}
    </tr>
  );
}

function show(value: number | null): string {
  return value === null ? "not defined" : formatNumber(value);
}
