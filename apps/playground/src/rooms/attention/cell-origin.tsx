import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../color/color-scale.js";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import type { Cell } from "../../ui/heat-map.js";
import { Legend } from "../../ui/legend.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import { VectorStrip } from "../../ui/vector-strip.js";
import { CellSteps } from "./cell-steps.js";
import { NamedToken } from "./named-token.js";
import type { DrawnPicture } from "./attention-state.js";
import type { PictureProps } from "./picture-props.js";
import { headVector, readCell } from "./read-cell.js";

/** How the weight of the pinned cell is computed. */
export function CellOrigin({ state, picture }: PictureProps): JSX.Element {
  const pinned = state.pinned.value;
  return (
    <Panel
      id="origin"
      title="How is this weight computed?"
      teaches="A weight starts as the dot product of a query and a key. It is scaled, and the softmax compares it with the scores of the other keys in the same row."
      question="Which dimension contributes most to the dot product? Is it the same one in another head?"
    >
      {pinned === undefined ? (
        <p class="empty">No cell is pinned. Click a cell of the large map, or focus it and press Enter.</p>
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
  const queryToken = <NamedToken token={picture.queryTokens[cell.query]!} position={cell.query} />;
  const keyToken = <NamedToken token={picture.keyTokens[cell.key]!} position={cell.key} />;
  return (
    <>
      <dl class="vectors">
        <VectorRow symbol="q" meaning="query: what am I looking for?" token={queryToken} values={query} scale={vectors} />
        <VectorRow symbol="k" meaning="key: what do I offer?" token={keyToken} values={key} scale={vectors} />
        <VectorRow
          symbol="q ⊙ k"
          meaning={`products: ${largestProducts(products)}`}
          token={undefined}
          values={products}
          scale={contributions}
        />
        <VectorRow symbol="v" meaning="value: what do I pass on?" token={keyToken} values={value} scale={vectors} />
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
  readonly meaning: string;
  readonly token: JSX.Element | undefined;
  readonly values: Float32Array;
  readonly scale: ReturnType<typeof signedScale>;
}

function VectorRow({ symbol, meaning, token, values, scale }: VectorRowProps): JSX.Element {
  return (
    <div class="vector-row">
      <dt>
        <span class="symbol">{symbol}</span>{" "}
        <span class="vector-question">
          {token} {meaning}
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

/** The vectors as a table of numbers. */
function VectorTable({ rows }: { readonly rows: Readonly<Record<string, Float32Array>> }): JSX.Element {
  const names = Object.keys(rows);
  const length = rows[names[0]!]!.length;
  return (
    <details class="numbers">
      <summary>Show the numbers</summary>
      <DataTable label="The vectors by dimension" columns={["dim", ...names]}>
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

function largestProducts(products: Float32Array): string {
  const order = Array.from(products.keys()).toSorted((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!));
  return order
    .slice(0, 2)
    .map((dim) => `dimension ${dim} adds ${formatNumber(products[dim]!)}`)
    .join(", ");
}
