import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Cell } from "./cell.js";
import { DataTable } from "./data-table.js";
import type { HeatMapData } from "./draw-heat-map.js";
import { formatNumber, visibleToken } from "./format.js";
import { type MapTokens, type RankedKey, topKeys } from "./read-map.js";

interface TopKeysTableProps extends MapTokens {
  /** The description for screen readers. */
  readonly label: string;
  readonly data: HeatMapData;
  /** Called when the reader chooses a key. */
  readonly onPin?: (cell: Cell) => void;
}

const places = ["first", "second", "third"];
const rowsAtOnce = 100;

/** The strongest keys of every query: a map as a table that can be searched, copied and spoken. Long tables have pages of 100 rows. */
export function TopKeysTable({ label, data, queryTokens, keyTokens, onPin }: TopKeysTableProps): JSX.Element {
  const start = useSignal(0);
  const first = start.value < data.rows ? start.value : 0;
  const end = Math.min(data.rows, first + rowsAtOnce);
  return (
    <>
      {data.rows > rowsAtOnce && (
        <div class="stepper" role="group" aria-label="Rows">
          <button
            type="button"
            class="plain-button"
            disabled={first === 0}
            aria-label="Rows before"
            onClick={() => (start.value = first - rowsAtOnce)}
          >
            ‹
          </button>
          <span>
            rows {first} to {end - 1} of {data.rows}
          </span>
          <button
            type="button"
            class="plain-button"
            disabled={end === data.rows}
            aria-label="Rows after"
            onClick={() => (start.value = end)}
          >
            ›
          </button>
        </div>
      )}
      <DataTable label={label} kind="top-keys" columns={["Query", ...places]} height="tall">
        {Array.from({ length: end - first }, (_, index) => first + index).map((query) => (
          <tr key={query}>
            <th scope="row">
              <Token token={queryTokens[query] ?? ""} position={query} />
            </th>
            {places.map((place, index) => (
              <td key={place}>
                <KeyCell ranked={topKeys(data, query, places.length)[index]} query={query} keyTokens={keyTokens} onPin={onPin} />
              </td>
            ))}
          </tr>
        ))}
      </DataTable>
    </>
  );
}

interface KeyCellProps {
  readonly ranked: RankedKey | undefined;
  readonly query: number;
  readonly keyTokens: readonly string[];
  readonly onPin: ((cell: Cell) => void) | undefined;
}

function KeyCell({ ranked, query, keyTokens, onPin }: KeyCellProps): JSX.Element {
  if (ranked === undefined) return <span class="none">none</span>;
  const { key, weight } = ranked;
  const token = <Token token={keyTokens[key] ?? ""} position={key} />;
  return (
    <>
      {onPin === undefined ? (
        token
      ) : (
        <button type="button" class="row-button" title="Pin this cell" onClick={() => onPin({ query, key })}>
          {token}
        </button>
      )}{" "}
      <span class="weight">{formatNumber(weight)}</span>
    </>
  );
}

function Token({ token, position }: { readonly token: string; readonly position: number }): JSX.Element {
  const text = visibleToken(token);
  return (
    <span class="token" title={text}>
      <bdi>{text}</bdi>
      <sub>{position}</sub>
    </span>
  );
}
