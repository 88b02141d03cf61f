import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, signedScale } from "../color/color-scale.js";
import type { CellReading } from "../reading/readings.js";
import { DataTable } from "./data-table.js";
import { formatNumber } from "./format.js";
import { Legend } from "./legend.js";
import { NamedToken } from "./named-token.js";
import type { MapTokens } from "./read-map.js";
import { ScoreStages } from "./score-stages.js";
import { tone } from "./theme.js";
import { VectorStrip } from "./vector-strip.js";

export interface CellOriginProps extends MapTokens {
  readonly cell: CellReading;
  /** Called when the reader chooses another key of the row. */
  readonly onChooseKey?: (key: number) => void;
}

/** Where the weight of a cell comes from: query, key and their products, the stages of the row of scores, and what is passed on. */
export function CellOrigin(props: CellOriginProps): JSX.Element {
  return (
    <div class="origin">
      <CellVectors {...props} />
      <ScoreStages {...props} />
      <PassedOn {...props} />
      <VectorTable {...props} />
    </div>
  );
}

/** Query, key and the products whose sum is the raw score. */
function CellVectors({ cell, queryTokens, keyTokens }: CellOriginProps): JSX.Element {
  const { queryVector, keyVector, query, key } = cell;
  const products = useMemo(() => productsOf(cell), [cell]);
  const vectors = useMemo(() => signedScale([...queryVector, ...keyVector], tone.value), [cell, tone.value]);
  const contributions = useMemo(() => signedScale(products, tone.value), [products, tone.value]);
  return (
    <>
      <dl class="vectors">
        <VectorRow symbol="q" values={queryVector} scale={vectors}>
          <NamedToken token={queryTokens[query] ?? ""} position={query} /> query: what am I looking for?
        </VectorRow>
        <VectorRow symbol="k" values={keyVector} scale={vectors}>
          <NamedToken token={keyTokens[key] ?? ""} position={key} /> key: what do I offer?
        </VectorRow>
        <VectorRow symbol="q ⊙ k" values={products} scale={contributions}>
          products: {largestProducts(products)}
        </VectorRow>
      </dl>
      <div class="origin-legends">
        <Legend title="q, k" scale={vectors} masked={undefined} />
        <Legend title="q ⊙ k" scale={contributions} masked={undefined} />
      </div>
    </>
  );
}

/** The value of the key, and the output of the head at the query, which is the sum of weights × values. */
function PassedOn({ cell, queryTokens, keyTokens }: CellOriginProps): JSX.Element {
  const { valueVector, outputVector, weights, query, key } = cell;
  const weight = weights[key]!;
  const added = useMemo(() => valueVector.map((value) => value * weight), [cell]);
  const scale = useMemo(() => signedScale([...valueVector, ...outputVector], tone.value), [cell, tone.value]);
  return (
    <>
      <dl class="vectors">
        <VectorRow symbol="v" values={valueVector} scale={scale}>
          <NamedToken token={keyTokens[key] ?? ""} position={key} /> value: what do I pass on?
        </VectorRow>
        <VectorRow symbol="w · v" values={added} scale={scale}>
          {formatNumber(weight)} × v: what this key passes on
        </VectorRow>
        <VectorRow symbol="Σ w · v" values={outputVector} scale={scale}>
          the sum over all keys: what the head writes at <NamedToken token={queryTokens[query] ?? ""} position={query} />
        </VectorRow>
      </dl>
      <Legend title="v, w · v, Σ w · v" scale={scale} masked={undefined} />
    </>
  );
}

interface VectorRowProps {
  readonly symbol: string;
  readonly values: Float32Array;
  readonly scale: ColorScale;
  readonly children: (JSX.Element | string)[] | JSX.Element | string;
}

function VectorRow({ symbol, values, scale, children }: VectorRowProps): JSX.Element {
  return (
    <div class="vector-row">
      <dt>
        <span class="symbol">{symbol}</span> <span class="vector-question">{children}</span>
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
function VectorTable({ cell }: CellOriginProps): JSX.Element {
  const { queryVector, keyVector, valueVector, outputVector } = cell;
  const rows = [queryVector, keyVector, productsOf(cell), valueVector, outputVector];
  const length = Math.max(...rows.map((row) => row.length));
  return (
    <details class="numbers">
      <summary>Show the numbers</summary>
      <DataTable label="The vectors by dimension" columns={["dimension", "q", "k", "q ⊙ k", "v", "Σ w · v"]}>
        {Array.from({ length }, (_, dimension) => (
          <tr key={dimension}>
            <th scope="row">{dimension}</th>
            {rows.map((row, index) => (
              <td key={index}>{row[dimension] === undefined ? "" : formatNumber(row[dimension])}</td>
            ))}
          </tr>
        ))}
      </DataTable>
    </details>
  );
}

function productsOf({ queryVector, keyVector }: CellReading): Float32Array {
  return queryVector.map((number, dimension) => number * keyVector[dimension]!);
}

function largestProducts(products: Float32Array): string {
  const order = Array.from(products.keys()).toSorted((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!));
  return order
    .slice(0, 2)
    .map((dimension) => `dimension ${dimension} adds ${formatNumber(products[dimension]!)}`)
    .join(", ");
}
