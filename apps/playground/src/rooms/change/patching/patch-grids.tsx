import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, signedScale } from "../../../color/color-scale.js";
import { ExportMenu } from "../../../ui/export-menu.js";
import { describeToken, formatNumber, visibleToken } from "../../../ui/format.js";
import { Legend } from "../../../ui/legend.js";
import { tone } from "../../../ui/theme.js";
import { ValueGrid } from "../../../ui/value-grid.js";
import type { Answered } from "../../../compute/live-result.js";
import { gridOfHeads } from "../edits/grid-of-heads.js";
import { partOfHead } from "../edits/part-names.js";
import type { ChangeState, PatchRequest } from "../state.js";
import { type PatchCell, patchRows } from "./patch-cells.js";
import { patchFiles } from "./patch-files.js";
import type { PatchReading } from "./patch-reading.js";

/** Names up to here stand over their column as they are. */
const shortToken = 2;

interface PatchGridsProps {
  readonly state: ChangeState;
  readonly answered: Answered<PatchRequest, PatchReading>;
}

/** The share that each value brings back, as a signed map, with the two ends of the scale in words. */
export function PatchGrids({ state, answered }: PatchGridsProps): JSX.Element {
  const { input, result } = answered;
  const scale = useMemo(() => signedScale([1, ...result.cells.map(({ restored }) => restored ?? 0)], tone.value), [result, tone.value]);
  const isOutdated = input.input.text !== state.workspace.state.value.text || input.input.model !== state.workspace.state.value.model;
  return (
    <div class="patch-result">
      <PatchSummary reading={result} />
      {isOutdated && <p class="hint">This was measured on another text. Put the values in again.</p>}
      {result.by === "head" ? (
        <HeadsGrid state={state} request={input} reading={result} scale={scale} />
      ) : (
        <PositionGrids state={state} request={input} reading={result} scale={scale} />
      )}
      <div class="gallery-tools">
        <Legend title="share brought back" scale={scale} masked={undefined} />
        <ExportMenu what="the shares" files={patchFiles(state, answered)} />
      </div>
      <p class="hint">
        0 is your text without any help, 1 the other text; below 0 it becomes worse. A click puts the value in for good, as one of your
        changes.
      </p>
    </div>
  );
}

/** What is compared, in a sentence. */
function PatchSummary({
  reading: { right, wrong, clean, corrupt, tokens, answerTokens, at },
}: {
  readonly reading: PatchReading;
}): JSX.Element {
  const read = answerTokens.length === 0 ? tokens : answerTokens;
  return (
    <p role="status">
      After {describeToken(read[at] ?? "", at)}, the logit of “{visibleToken(right)}” minus that of “{visibleToken(wrong)}” is{" "}
      <strong>{formatNumber(corrupt)}</strong> on your text and <strong>{formatNumber(clean)}</strong> on the other text.
    </p>
  );
}

interface GridProps {
  readonly state: ChangeState;
  readonly request: PatchRequest;
  readonly reading: PatchReading;
  readonly scale: ColorScale;
}

function HeadsGrid({ state, request, reading, scale }: GridProps): JSX.Element {
  const stacks = state.info.value?.stacks ?? [];
  const grid = gridOfHeads(stacks, (place, name) => {
    const part = partOfHead(stacks, place);
    const restored = reading.cells.find((cell) => cell.attention === part && cell.head === place.head)?.restored ?? null;
    return { label: `${name} brings back ${share(restored)}`, text: share(restored), value: restored };
  });
  const put = (row: number, column: number): void => {
    const place = grid.placeAt(row, column);
    const part = partOfHead(stacks, place);
    if (part !== undefined) state.addEdit({ kind: "patch", part, heads: [place.head], from: request.settings.other });
  };
  const { rows, columns, cells } = grid;
  return <ValueGrid label="Share that each head brings back" rows={rows} columns={columns} cells={cells} scale={scale} onPick={put} />;
}

/** A grid for each stack of layers: of an encoder-decoder, the encoder reads the text and the decoder its answer. */
function PositionGrids({ state, request, reading, scale }: GridProps): JSX.Element {
  const grids = patchRows(reading);
  return (
    <>
      {grids.map(({ stack, tokens, rows }) => (
        <ValueGrid
          key={stack}
          label={`Share that the stream brings back${stack === "" ? "" : `, ${stack}`}`}
          kind={tokens.every((token) => visibleToken(token).length <= shortToken) ? "short" : "tokens"}
          rows={rows.map(({ name }) => name)}
          columns={tokens.map((token) => visibleToken(token))}
          cells={rows.map(({ name, cells }) => cells.map((cell) => cellOf(cell, name, tokens)))}
          scale={scale}
          onPick={(row, position) => {
            const { before } = rows[row]!;
            if (before !== undefined) state.addEdit({ kind: "patch", part: before, positions: [position], from: request.settings.other });
          }}
        />
      ))}
    </>
  );
}

function cellOf(cell: PatchCell, name: string, tokens: readonly string[]) {
  const restored = cell.restored;
  return {
    label: `${name}, ${describeToken(tokens[cell.position] ?? "", cell.position)}: brings back ${share(restored)}`,
    text: share(restored),
    value: restored,
  };
}

/** A share for a small cell: ".96", "1", "−.14". */
function share(restored: number | null): string {
  if (restored === null) return "";
  const text = String(Number(restored.toFixed(2)));
  return text.replace(/^(-?)0\./, "$1.").replace("-", "−");
}
