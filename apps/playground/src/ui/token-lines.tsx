import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type Cell, type Mark, pointAt } from "./cell.js";
import type { HeatMapData } from "./draw-heat-map.js";
import { formatNumber, visibleToken } from "./format.js";
import { isAllowed, type MapTokens } from "./read-map.js";

interface TokenLinesProps extends MapTokens {
  readonly data: HeatMapData;
  readonly mark: Signal<Mark | undefined>;
  readonly pinned: Cell | undefined;
}

/** The most tokens that are joined by lines. */
export const mostLinedTokens = 32;
/** Smaller weights are not drawn. */
const smallestWeight = 0.02;
const [lineHeight, width, gap] = [24, 560, 190];

/** Lines from queries, on the left, to the keys that they attend to, on the right: the wider, the larger the weight. Up to 32 tokens. */
export function TokenLines({ data, queryTokens, keyTokens, mark, pinned }: TokenLinesProps): JSX.Element {
  const { lines, hidden } = useMemo(() => linesOf(data), [data]);
  const active = pinned ?? mark.value;
  const isShown = ({ query, key }: Cell): boolean =>
    active === undefined || (active.query !== undefined ? active.query === query : active.key === key);
  const height = Math.max(data.rows, data.columns) * lineHeight;
  return (
    <figure class="token-lines">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label="Lines from each query to the keys that it attends to">
        {lines.map((line) => (
          <path
            key={`${line.query} ${line.key}`}
            class={isShown(line) ? "token-line" : "token-line faint"}
            d={`M${gap} ${middle(line.query)}C${width / 2} ${middle(line.query)} ${width / 2} ${middle(line.key)} ${width - gap} ${middle(line.key)}`}
            stroke-width={0.5 + 5.5 * line.weight}
            stroke-opacity={0.25 + 0.75 * line.weight}
          />
        ))}
        <Names side="query" tokens={queryTokens} x={gap - 8} active={active?.query} mark={mark} />
        <Names side="key" tokens={keyTokens} x={width - gap + 8} active={active?.key} mark={mark} />
      </svg>
      <figcaption class="hint">
        Queries are on the left, keys on the right. Weights below {smallestWeight} are not drawn; together they are {formatNumber(hidden)}{" "}
        of each row on average.
      </figcaption>
    </figure>
  );
}

interface Line extends Cell {
  readonly weight: number;
}

/** The lines that are drawn, and the weight that is not, as a mean over the rows. */
function linesOf(data: HeatMapData): { readonly lines: readonly Line[]; readonly hidden: number } {
  const lines: Line[] = [];
  let hidden = 0;
  for (let query = 0; query < data.rows; query++) {
    for (let key = 0; key < data.columns; key++) {
      const weight = data.values[query * data.columns + key]!;
      if (!isAllowed(data, { query, key })) continue;
      if (weight >= smallestWeight) lines.push({ query, key, weight });
      else hidden += weight;
    }
  }
  return { lines, hidden: hidden / Math.max(1, data.rows) };
}

interface NamesProps {
  readonly side: "query" | "key";
  readonly tokens: readonly string[];
  readonly x: number;
  readonly active: number | undefined;
  readonly mark: Signal<Mark | undefined>;
}

function Names({ side, tokens, x, active, mark }: NamesProps): JSX.Element {
  return (
    <g class="token-names" text-anchor={side === "query" ? "end" : "start"}>
      {tokens.map((token, position) => (
        <text
          key={position}
          x={x}
          y={middle(position) + 5}
          class={position === active ? "active" : undefined}
          onPointerEnter={() => pointAt(mark, { [side]: position })}
          onPointerLeave={() => pointAt(mark, undefined)}
        >
          {shorten(visibleToken(token))}
        </text>
      ))}
    </g>
  );
}

function middle(position: number): number {
  return (position + 0.5) * lineHeight;
}

function shorten(token: string): string {
  const letters = Array.from(token);
  return letters.length > 18 ? `${letters.slice(0, 17).join("")}…` : token;
}
