import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { DataTable } from "../../ui/data-table.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { Panel } from "../../ui/panel.js";
import { TaskBar } from "../../ui/task-bar.js";
import { Term } from "../../ui/term.js";
import { tone } from "../../ui/theme.js";
import { BlockMap } from "./block-map.js";
import { blockEdges } from "./link.js";
import { maskScale } from "./mask-colors.js";
import { blockFiles, costFiles } from "./mask-files.js";
import { MaskLegend } from "./mask-legend.js";
import type { CostRow, MaskBlocks } from "./mask-picture.js";
import type { MasksState } from "./masks-state.js";

interface CostPanelProps {
  readonly state: MasksState;
  /** How many numbers a query and a key of the chosen model have. */
  readonly headDim: number;
}

/** What a mask saves: blocks that a kernel skips, and the cost at growing lengths. */
export function CostPanel({ state, headDim }: CostPanelProps): JSX.Element {
  return (
    <Panel
      id="cost"
      title="What it saves"
      teaches="A kernel computes attention block by block. Blocks in which everything is hidden are skipped, so a mask with many of them makes attention cheaper; a hidden pair inside a visited block costs as much as a visible one."
    >
      <div class="columns cost-columns">
        <Blocks state={state} />
        <Costs state={state} headDim={headDim} />
      </div>
    </Panel>
  );
}

function Blocks({ state }: { readonly state: MasksState }): JSX.Element | null {
  const { answered } = state.blocks;
  const { length } = state;
  if (answered.value === undefined) return null;
  const { result: answer } = answered.value;
  const edges = blockEdges.filter((edge) => length / edge <= 256);
  return (
    <div class="stacked">
      <div class="gallery-tools">
        <Segmented
          name="block"
          label="Tokens in a block"
          value={state.block.value}
          choices={choicesOf(edges)}
          onChange={(edge) => (state.block.value = edge)}
        />
        {answer.size > 0 && <ExportMenu what="the blocks" files={blockFiles(state.exports, answer)} />}
      </div>
      <BlockMap blocks={answer} length={answered.value.input.length} scale={maskScale(tone.value)} />
      <MaskLegend hasSome names={{ all: "computed", some: "computed, then masked", none: "skipped" }} />
      <p id="block-counts" role="status">
        {blockWords(answer)}
      </p>
      <p class="hint">The kernels of this library have blocks of 64 tokens; small ones show the idea on a short text.</p>
    </div>
  );
}

function blockWords({ counts: { empty, partial, full }, edge }: MaskBlocks): string {
  const total = empty + partial + full;
  const [all, skipped, masked, open] = [total, empty, partial, full].map((count) => count.toLocaleString("en"));
  return `${all} blocks of ${edge} × ${edge}: ${skipped} skipped, ${masked} masked inside, ${open} without a hidden pair.`;
}

function Costs({ state, headDim }: CostPanelProps): JSX.Element {
  const { answered, task } = state.cost;
  const table = useMemo(
    () => answered.value && <CostTable rows={answered.value.result.rows} headDim={headDim} />,
    [answered.value, headDim],
  );
  return (
    <div class="stacked">
      {task.value && <TaskBar progress={task.value.progress.value} what="Counting pairs" onCancel={() => state.cost.cancel()} />}
      {answered.value && (
        <div class="gallery-tools">
          <ExportMenu what="the costs" files={costFiles(answered.value.input.mask, answered.value.result.rows)} />
        </div>
      )}
      {table}
      <p class="hint">
        For one <Term name="head" /> with queries, keys and values of {headDim} numbers: two multiply-adds for each number of a pair, one
        for the <Term name="score" /> and one for the sum of values. “Without skipped” leaves out the skipped blocks of 64 × 64 tokens.
        “Weights” is the memory of all weights, with 4 bytes each; “visible only”, of those that are not hidden. Longer texts have the same
        window and prefix, the same share of padding, and documents of the same lengths.
      </p>
    </div>
  );
}

function CostTable({ rows, headDim }: { readonly rows: readonly CostRow[]; readonly headDim: number }): JSX.Element {
  const columns = ["tokens", "visible pairs", "share", "multiply-adds", "without skipped", "weights", "visible only"];
  return (
    <DataTable label="Cost at growing lengths" columns={columns} kind="numbers">
      {rows.map(({ length, pairs, allowed, visited }, index) => (
        <tr key={length} class={index === 0 ? "own-row" : undefined}>
          <th scope="row">{length.toLocaleString("en")}</th>
          <td>{allowed.toLocaleString("en")}</td>
          <td>{pairs === 0 ? "–" : `${((100 * allowed) / pairs).toPrecision(3)} %`}</td>
          <td>{inUnits(2 * headDim * pairs, countUnits)}</td>
          <td>{inUnits(2 * headDim * visited, countUnits)}</td>
          <td>{inUnits(4 * pairs, byteUnits)}</td>
          <td>{inUnits(4 * allowed, byteUnits)}</td>
        </tr>
      ))}
    </DataTable>
  );
}

const countUnits = ["", " thousand", " million", " billion", " trillion"];
const byteUnits = [" B", " kB", " MB", " GB", " TB"];

/** A number with three digits, in the largest unit of which it is at least one. */
function inUnits(value: number, units: readonly string[]): string {
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${power === 0 ? Math.round(scaled) : Number(scaled.toPrecision(3)).toLocaleString("en")}${units[power]}`;
}
