import type { JSX } from "preact";
import { formatNumber } from "../../ui/format.js";
import { Tooltip } from "../../ui/tooltip.js";
import { NamedToken } from "./named-token.js";
import { readCell } from "./read-cell.js";
import type { AttentionState, DrawnPicture, HoveredCell } from "./attention-state.js";
import { useExplanation } from "./use-explanation.js";

interface CellTooltipProps {
  readonly state: AttentionState;
  readonly picture: DrawnPicture;
}

/** The numbers of the cell under the pointer. */
export function CellTooltip({ state, picture }: CellTooltipProps): JSX.Element | null {
  const hovered = state.hovered.value;
  if (hovered === undefined || hovered.query >= picture.queryTokens.length || hovered.key >= picture.keyTokens.length) return null;
  return <CellCard state={state} picture={picture} hovered={hovered} />;
}

function CellCard({ state, picture, hovered }: CellTooltipProps & { readonly hovered: HoveredCell }): JSX.Element {
  const reading = readCell(picture, hovered.head, hovered);
  return (
    <Tooltip x={hovered.x} y={hovered.y}>
      <p class="tooltip-pair">
        <NamedToken token={reading.queryToken} position={hovered.query} /> → <NamedToken token={reading.keyToken} position={hovered.key} />
      </p>
      {reading.allowed ? (
        <p class="tooltip-weight">
          <strong>{formatNumber(reading.weight)}</strong> rank {reading.rank} of {reading.allowedKeys}
        </p>
      ) : (
        <MaskedLine state={state} picture={picture} hovered={hovered} />
      )}
      <p class="tooltip-scores">
        head {hovered.head} · raw {formatNumber(reading.raw)} · scaled {formatNumber(reading.scaled)}
      </p>
    </Tooltip>
  );
}

function MaskedLine({ state, picture, hovered }: CellTooltipProps & { readonly hovered: HoveredCell }): JSX.Element {
  const reason = useExplanation(state, picture, hovered);
  return <p class="tooltip-masked">masked: {reason ?? "…"}</p>;
}
