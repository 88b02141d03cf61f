import type { JSX } from "preact";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import { Question } from "../../ui/question.js";
import { Term } from "../../ui/term.js";
import { AttentionPlots } from "./attention-plots.js";
import { type AttentionCost, type BackendFigures, type Figures, threadCount } from "./figures.js";
import { GrowthAnswer } from "./growth-answer.js";
import { longestCall } from "./limits.js";
import { formatSpread, megabytes } from "./write-figures.js";

/** Time and memory of composed and fused attention over the length of the text. */
export function AttentionPanel({ figures }: { readonly figures: Figures }): JSX.Element {
  const { all, single } = figures;
  const threads = threadCount(all.info.threads.got);
  return (
    <section class="panel" id="attention-cost" aria-labelledby="attention-cost-title">
      <header class="panel-head">
        <h2 id="attention-cost-title">Attention over n tokens</h2>
        <p class="teaches">
          The same <Term name="attention" />, computed in two ways. <em>Composed</em>: three operations, which write and read the n × n
          matrix of <Term name="score">scores</Term>. <em>Fused</em>: one kernel, which uses each block of scores at once and never holds
          the matrix.
        </p>
      </header>
      <AttentionPlots figures={figures} />
      <p class="hint">
        {all.heads} heads, {all.headDim} numbers in each query, key and value, float32, random numbers, no mask; {threads} unless one is
        named. Medians; the table has the range of the runs. Memory is the most that one call holds at once, without its inputs. What would
        take over {longestCall} ms or too much memory is not measured.
      </p>
      <AttentionTable figures={all} />
      {single !== null && <AttentionTable figures={single} />}
      <Question question="Twice the text: why four times the time for long texts, and why hardly more memory in one of the two?">
        <GrowthAnswer figures={all} />
      </Question>
    </section>
  );
}

const columns = ["n", "Composed", "Fused", "Faster", "Memory, composed", "Memory, fused", "Largest difference of an output"];

function AttentionTable({ figures: { info, attention } }: { readonly figures: BackendFigures }): JSX.Element {
  const threads = threadCount(info.threads.got);
  return (
    <div>
      <h3 class="table-title">{threads}</h3>
      <DataTable label={`Attention with ${threads}`} columns={columns} kind="figures">
        {attention.map(({ length, composed, fused, difference }) => (
          <tr key={length}>
            <th scope="row">{length}</th>
            <TimeCell cost={composed} />
            <TimeCell cost={fused} />
            <td>{composed && fused ? `${formatNumber(composed.time.median / fused.time.median)} ×` : "–"}</td>
            <td>{composed ? megabytes(composed.peakBytes) : "–"}</td>
            <td>{fused ? megabytes(fused.peakBytes) : "–"}</td>
            <td>{difference === null ? "–" : formatNumber(difference)}</td>
          </tr>
        ))}
      </DataTable>
    </div>
  );
}

function TimeCell({ cost }: { readonly cost: AttentionCost | null }): JSX.Element {
  if (cost === null) return <td class="none">not measured</td>;
  return (
    <td>
      <strong>{formatNumber(cost.time.median)} ms</strong> <span class="spread-numbers">{formatSpread(cost.time)}</span>
    </td>
  );
}
