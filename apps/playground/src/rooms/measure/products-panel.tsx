import type { JSX } from "preact";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import { Question } from "../../ui/question.js";
import { type Figures, type ProductPoint, threadCount } from "./figures.js";
import { formatSpread } from "./write-figures.js";

/** Products of matrices, with one thread and with all. */
export function ProductsPanel({ figures: { all, single } }: { readonly figures: Figures }): JSX.Element {
  const threads = all.info.threads.got;
  const singles = new Map((single?.products ?? []).map((point) => [point.size, point]));
  const columns = ["Size", threadCount(threads), ...(single === null ? [] : ["1 thread", "Faster"])];
  return (
    <section class="panel" id="products" aria-labelledby="products-title">
      <header class="panel-head">
        <h2 id="products-title">Products of matrices</h2>
        <p class="teaches">
          Projections and feed-forward networks are products of matrices, which take most of the time of a model. One GFLOP/s is 10⁹
          multiplications and additions a second; the product of two n × n matrices takes 2 n³ of them.
        </p>
      </header>
      <DataTable label="Products of square matrices" columns={columns} kind="figures">
        {all.products.map((point) => (
          <tr key={point.size}>
            <th scope="row">
              {point.size} × {point.size}
            </th>
            <ProductCell point={point} />
            {single !== null && <ProductCell point={singles.get(point.size)} />}
            {single !== null && <td>{fasterBy(point, singles.get(point.size))}</td>}
          </tr>
        ))}
      </DataTable>
      {single !== null && (
        <Question question={`Why are ${threads} threads not ${threads} times as fast?`}>
          <p>
            Threads must be woken and waited for, which takes longer than a small product. They share the memory and its caches, and often
            the clock of the processor falls when all its cores work. Processors that the browser reports may also be two halves of one
            core, which share its arithmetic.
          </p>
        </Question>
      )}
    </section>
  );
}

function fasterBy(point: ProductPoint, single: ProductPoint | undefined): string {
  return single === undefined ? "–" : `${formatNumber(single.time.median / point.time.median)} ×`;
}

function ProductCell({ point }: { readonly point: ProductPoint | undefined }): JSX.Element {
  if (point === undefined) return <td class="none">not measured</td>;
  return (
    <td>
      <strong>{formatNumber(point.gigaflops)} GFLOP/s</strong>{" "}
      <span class="spread-numbers">
        {formatNumber(point.time.median)} ms ({formatSpread(point.time)})
      </span>
    </td>
  );
}
