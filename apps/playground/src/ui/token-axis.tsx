import type { JSX } from "preact";
import { labelledPositions } from "./axis-labels.js";
import { repeatedTokens } from "./repeated-tokens.js";
import { visibleToken } from "./format.js";

interface TokenAxisProps {
  readonly side: "top" | "left";
  readonly tokens: readonly string[];
  readonly cell: number;
  readonly labelHeight: number;
  /** The position to highlight. */
  readonly active: number | undefined;
  /** The part of the edge that is visible, in CSS pixels; by default all of it. */
  readonly view?: { readonly start: number; readonly length: number };
}

/**
 * The tokens along an edge of a map. If they do not all fit, every second, fifth and so on is shown, and always the active one.
 * Tokens that occur more than once show their position.
 */
export function TokenAxis({ side, tokens, cell, labelHeight, active, view }: TokenAxisProps): JSX.Element {
  const { start = 0, length = tokens.length * cell } = view ?? {};
  const repeated = repeatedTokens(tokens);
  const middleOf = (position: number): number => (position + 0.5) * cell - start;
  const isVisible = (position: number): boolean => middleOf(position) >= 0 && middleOf(position) <= length;
  const isNear = (position: number): boolean =>
    active !== undefined && position !== active && Math.abs(position - active) * cell < labelHeight;
  const positions = labelledPositions(tokens.length, cell, labelHeight).filter((position) => !isNear(position));
  const shown = active === undefined || active >= tokens.length ? positions : [...new Set([...positions, active])];
  return (
    <div class={`token-axis ${side}`} aria-hidden="true">
      {shown.filter(isVisible).map((position) => (
        <TokenLabel
          key={position}
          side={side}
          token={tokens[position] ?? ""}
          index={repeated.has(tokens[position]!) ? position : undefined}
          middle={middleOf(position)}
          active={position === active}
        />
      ))}
    </div>
  );
}

interface TokenLabelProps {
  readonly side: "top" | "left";
  readonly token: string;
  readonly index: number | undefined;
  readonly middle: number;
  readonly active: boolean;
}

function TokenLabel({ side, token, index, middle, active }: TokenLabelProps): JSX.Element {
  const text = visibleToken(token);
  const place = side === "top" ? { left: `${middle}px` } : { top: `${middle}px` };
  return (
    <span class={active ? "token-label active" : "token-label"} style={place} title={text}>
      <bdi>{text}</bdi>
      {index !== undefined && <sub>{index}</sub>}
    </span>
  );
}
