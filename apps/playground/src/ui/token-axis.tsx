import type { JSX } from "preact";
import { labelledPositions } from "./axis-labels.js";
import { visibleToken } from "./format.js";

interface TokenAxisProps {
  readonly side: "top" | "left";
  readonly tokens: readonly string[];
  readonly cell: number;
  readonly labelHeight: number;
  /** The position to highlight. */
  readonly active: number | undefined;
}

/** The tokens along an edge of a map. If they do not all fit, every second, fifth and so on is shown, and always the active one. */
export function TokenAxis({ side, tokens, cell, labelHeight, active }: TokenAxisProps): JSX.Element {
  const positions = labelledPositions(tokens.length, cell, labelHeight);
  const near = (position: number): boolean =>
    active !== undefined && position !== active && Math.abs(position - active) * cell < labelHeight;
  const shown = active === undefined ? positions : [...new Set([...positions.filter((position) => !near(position)), active])];
  return (
    <div class={`token-axis ${side}`} aria-hidden="true">
      {shown.map((position) => (
        <TokenLabel
          key={position}
          side={side}
          token={tokens[position] ?? ""}
          middle={(position + 0.5) * cell}
          active={position === active}
        />
      ))}
    </div>
  );
}

function TokenLabel({
  side,
  token,
  middle,
  active,
}: {
  readonly side: "top" | "left";
  readonly token: string;
  readonly middle: number;
  readonly active: boolean;
}): JSX.Element {
  const text = visibleToken(token);
  const place = side === "top" ? { left: `${middle}px` } : { top: `${middle}px` };
  return (
    <span class={active ? "token-label active" : "token-label"} style={place} title={text}>
      <bdi>{text}</bdi>
    </span>
  );
}
