import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../color/color-scale.js";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import { Legend } from "../../ui/legend.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import { VectorStrip } from "../../ui/vector-strip.js";
import { CellSteps } from "./cell-steps.js";
import { NamedToken } from "./named-token.js";
import type { PictureProps } from "./picture-props.js";
import { headVector, readCell } from "./read-cell.js";
import type { DrawnPicture } from "./room-state.js";
import type { Cell } from "./view.js";

/** Where the number of the pinned cell comes from. */
export function CellOrigin({ state, picture }: PictureProps): JSX.Element {
  const pinned = state.pinned.value;
  return (
    <Panel
      id="origin"
      title="Where did this number come from?"
      teaches="A weight starts as an agreement of two vectors: multiply query and key number by number, add up, scale, and let the softmax compare the sum with the other keys of the row."
      question="Find the pair of numbers that contributes most to the dot product. Would another head, with other vectors of the same tokens, agree?"
    >
      {pinned === undefined ? (
        <p class="empty">No cell is pinned. Click a cell of the large map, or press Enter on it.</p>
      ) : (
        <PinnedCell state={state} picture={picture} cell={pinned} />
      )}
    </Panel>
  );
}

function PinnedCell({ state, picture, cell }: PictureProps & { readonly cell: Cell }): JSX.Element {
  const head = state.head.value;
  const reading = readCell(picture, head, cell);
  return (
    <div class="origin">
      <p class="origin-title">
        <span>
          <NamedToken token={reading.queryToken} position={cell.query} /> → <NamedToken token={reading.keyToken} position={cell.key} /> in
          head {head}
        </span>
        <button type="button" class="plain-button" aria-label="Unpin the cell" onClick={() => state.look({ pinned: undefined })}>
          × unpin
        </button>
      </p>
      <CellVectors picture={picture} head={head} cell={cell} />
      <CellSteps state={state} picture={picture} head={head} cell={cell} />
    </div>
  );
}

interface CellVectorsProps {
  readonly picture: DrawnPicture;
  readonly head: number;
  readonly cell: Cell;
}

function CellVectors({ picture, head, cell }: CellVectorsProps): JSX.Element {
  const query = headVector(picture, picture.queries, cell.query, head);
  const key = headVector(picture, picture.keys, cell.key, head);
  const value = headVector(picture, picture.values, cell.key, head);
  const products = useMemo(() => query.map((number, dim) => number * key[dim]!), [picture, head, cell.query, cell.key]);
  const vectors = useMemo(() => signedScale([...query, ...key, ...value], tone.value), [picture, head, cell.query, cell.key, tone.value]);
  const contributions = useMemo(() => signedScale(products, tone.value), [products, tone.value]);
  const asks = <NamedToken token={picture.queryTokens[cell.query]!} position={cell.query} />;
  const is = <NamedToken token={picture.keyTokens[cell.key]!} position={cell.key} />;
  return (
    <>
      <dl class="vectors">
        <VectorRow symbol="q" question="query: what am I looking for?" of={asks} values={query} scale={vectors} />
        <VectorRow symbol="k" question="key: what do I represent?" of={is} values={key} scale={vectors} />
        <VectorRow
          symbol="q ⊙ k"
          question={`their products: ${strongest(products)}`}
          of={undefined}
          values={products}
          scale={contributions}
        />
        <VectorRow symbol="v" question="value: what information do I carry?" of={is} values={value} scale={vectors} />
      </dl>
      <div class="origin-legends">
        <Legend title="q, k, v" scale={vectors} masked={undefined} />
        <Legend title="q ⊙ k" scale={contributions} masked={undefined} />
      </div>
      <VectorTable rows={{ q: query, k: key, "q ⊙ k": products, v: value }} />
    </>
  );
}

interface VectorRowProps {
  readonly symbol: string;
  readonly question: string;
  readonly of: JSX.Element | undefined;
  readonly values: Float32Array;
  readonly scale: ReturnType<typeof signedScale>;
}

function VectorRow({ symbol, question, of, values, scale }: VectorRowProps): JSX.Element {
  return (
    <div class="vector-row">
      <dt>
        <span class="symbol">{symbol}</span>{" "}
        <span class="vector-question">
          {of} {question}
        </span>
      </dt>
      <dd>
        <VectorStrip
          label={`${symbol}, ${values.length} numbers from ${formatNumber(Math.min(...values))} to ${formatNumber(Math.max(...values))}`}
          values={values}
          scale={scale}
        />
      </dd>
    </div>
  );
}

/** The vectors as numbers, for who wants to add up. */
function VectorTable({ rows }: { readonly rows: Readonly<Record<string, Float32Array>> }): JSX.Element {
  const names = Object.keys(rows);
  const length = rows[names[0]!]!.length;
  return (
    <details class="numbers">
      <summary>The numbers themselves</summary>
      <DataTable label="The vectors, number by number" columns={["dim", ...names]}>
        {Array.from({ length }, (_, dim) => (
          <tr key={dim}>
            <th scope="row">{dim}</th>
            {names.map((name) => (
              <td key={name}>{formatNumber(rows[name]![dim]!)}</td>
            ))}
          </tr>
        ))}
      </DataTable>
    </details>
  );
}

function strongest(products: Float32Array): string {
  const order = Array.from(products.keys()).toSorted((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!));
  return order
    .slice(0, 2)
    .map((dim) => `dimension ${dim} adds ${formatNumber(products[dim]!)}`)
    .join(", ");
}
