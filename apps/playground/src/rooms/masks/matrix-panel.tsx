import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { maskScale } from "./mask-colors.js";
import type { TokenView } from "../../reading/readings.js";
import type { Cell, Mark } from "../../ui/cell.js";
import { CodeBlock } from "../../ui/code-block.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { HeatMap } from "../../ui/heat-map.js";
import { NamedToken } from "../../ui/named-token.js";
import { OnceHint } from "../../ui/once-hint.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import { describeCell, type CellWords } from "./describe-cell.js";
import { matrixFiles } from "./mask-files.js";
import { MaskLegend } from "./mask-legend.js";
import type { MaskPicture } from "./mask-picture.js";
import type { MasksState } from "./masks-state.js";

interface MatrixPanelProps {
  readonly state: MasksState;
  readonly picture: MaskPicture;
  readonly tokens: readonly TokenView[];
}

/** Which token may look at which, and why. */
export function MatrixPanel({ state, picture, tokens }: MatrixPanelProps): JSX.Element {
  const { size, pool, states } = picture;
  const mark = useSignal<Mark | undefined>(undefined);
  const mask = state.picture.answered.value!.input.mask;
  const names = useMemo(() => axisNames(tokens, picture), [tokens, picture]);
  const data = useMemo(() => ({ rows: size, columns: size, values: states, allowed: states }), [picture]);
  const wordsOf = (cell: Cell): CellWords => describeCell(picture, mask, tokens, cell);
  const pinned = state.pinned.value && drawnCell(state.pinned.value, pool);
  return (
    <Panel
      id="matrix"
      title="Who may look at whom"
      teaches="Each row is a token that looks (query), each column a token that is looked at (key). A hatched cell is hidden: its score is set to −∞ before the softmax, so that its weight is exactly 0."
    >
      <div class="columns matrix-columns">
        <div class="stacked">
          <div class="gallery-tools">
            <MaskLegend hasSome={states.includes(1)} />
            {size > 0 && <ExportMenu what="the mask" files={matrixFiles(state.exports, picture, names)} />}
          </div>
          {size === 0 ? (
            <p class="empty">There is no token yet.</p>
          ) : (
            <HeatMap
              label="The mask"
              data={data}
              scale={maskScale(tone.value)}
              queryTokens={names}
              keyTokens={names}
              mark={mark}
              pinned={pinned}
              onPin={(cell) => (state.pinned.value = cell && { query: cell.query * pool, key: cell.key * pool })}
              words={{ spoken: (cell) => spoken(wordsOf(cell)), tooltip: (cell) => <CellTooltip words={wordsOf(cell)} /> }}
            />
          )}
          {pool > 1 && (
            <p class="hint">
              {tokens.length.toLocaleString("en")} tokens: each cell stands for {pool} × {pool} pairs.
            </p>
          )}
        </div>
        <div class="stacked">
          <PinnedReason state={state} picture={picture} tokens={tokens} />
          <h3>The same in code</h3>
          <p class="hint">
            A mask is a rule, not a matrix: it takes no memory until someone asks for its cells, its blocks or the reason of a pair.
          </p>
          <CodeBlock code={picture.code} />
        </div>
      </div>
    </Panel>
  );
}

function axisNames(tokens: readonly TokenView[], { size, pool, length }: MaskPicture): string[] {
  if (pool === 1) return tokens.slice(0, size).map(({ text }) => text);
  return Array.from({ length: size }, (_, index) => `${index * pool}–${Math.min(length, (index + 1) * pool) - 1}`);
}

function drawnCell({ query, key }: Cell, pool: number): Cell {
  return { query: Math.floor(query / pool), key: Math.floor(key / pool) };
}

function spoken({ pair, verdict, reasons }: CellWords): string {
  return `${pair}: ${verdict}${reasons.length === 0 ? "" : `, because ${reasons.join("; and ")}`}.`;
}

function CellTooltip({ words: { pair, verdict, reasons } }: { readonly words: CellWords }): JSX.Element {
  return (
    <>
      <p class="tooltip-pair">{pair}</p>
      <p>
        <strong>{verdict}</strong>
      </p>
      {reasons.length > 0 && (
        <ul class="reasons">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The reason of the pinned pair, in words and as the package tells it. */
function PinnedReason({ state, picture, tokens }: MatrixPanelProps): JSX.Element {
  const pinned = state.pinned.value;
  if (pinned === undefined || pinned.query >= tokens.length || pinned.key >= tokens.length) {
    return (
      <OnceHint name="mask-cell">
        Point at a cell, or move through the map with the arrow keys, to read why it is hidden. Click it or press Enter to keep it here;
        click again or press Esc to let it go.
      </OnceHint>
    );
  }
  const words = describeCell(picture, state.picture.answered.value!.input.mask, tokens, drawnCell(pinned, picture.pool));
  const { answered } = state.explanation;
  return (
    <div class="pinned-reason" role="status">
      <p>
        <NamedToken token={tokens[pinned.query]!.text} position={pinned.query} /> looking at{" "}
        <NamedToken token={tokens[pinned.key]!.text} position={pinned.key} />: <strong>{words.verdict}</strong>
        {words.reasons.length > 0 && `, because ${words.reasons.join("; and ")}`}.
      </p>
      {answered.value !== undefined && (
        <p class="hint">
          <code>
            mask.explain(0, 0, {answered.value.input.pair.query}, {answered.value.input.pair.key}).reason
          </code>{" "}
          says: {answered.value.result.reason}.
        </p>
      )}
      <button type="button" class="plain-button" onClick={() => (state.pinned.value = undefined)}>
        Unpin
      </button>
    </div>
  );
}
