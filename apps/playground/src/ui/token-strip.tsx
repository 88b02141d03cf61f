import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { colorIndex, type ColorScale } from "../color/color-scale.js";
import { inkOn } from "../color/ink-on.js";
import { type Cell, type Mark, pointAt } from "./cell.js";
import type { HeatMapData } from "./draw-heat-map.js";
import { visibleToken } from "./format.js";
import { isAllowed, type MapTokens } from "./read-map.js";

/** What the hovered token is: a query, whose row is shown, or a key, whose column is shown. */
export type StripSide = "query" | "key";

interface TokenStripProps extends MapTokens {
  readonly data: HeatMapData;
  readonly scale: ColorScale;
  /** What the reader points at, shared with the heat map. */
  readonly mark: Signal<Mark | undefined>;
  readonly pinned: Cell | undefined;
  readonly side: StripSide;
  /** Called when the reader chooses a token. */
  readonly onChoose?: (side: StripSide, position: number) => void;
}

/**
 * The tokens of a map in reading order, coloured by the weights of a row or column. Pointing at a token shows its row, if tokens are
 * queries, or its column, if they are keys. When queries and keys are different texts, both are shown.
 */
export function TokenStrip(props: TokenStripProps): JSX.Element {
  const { queryTokens, keyTokens, side, mark, pinned, data } = props;
  const isShared = queryTokens === keyTokens || (data.rows === data.columns && queryTokens.join("\0") === keyTokens.join("\0"));
  const active = (pinned ?? mark.value)?.[side];
  return (
    <div class="token-strips" onPointerLeave={() => pointAt(mark, undefined)}>
      {isShared ? (
        <Strip {...props} title="" tokens={queryTokens} active={active} points={side} colored />
      ) : (
        <>
          <Strip {...props} title="Queries" tokens={queryTokens} active={active} points="query" colored={side === "key"} />
          <Strip {...props} title="Keys" tokens={keyTokens} active={active} points="key" colored={side === "query"} />
        </>
      )}
    </div>
  );
}

interface StripProps extends TokenStripProps {
  readonly title: string;
  readonly tokens: readonly string[];
  /** The query or key whose weights colour the tokens. */
  readonly active: number | undefined;
  /** What pointing at a token marks. */
  readonly points: StripSide;
  readonly colored: boolean;
}

/** One text. Its elements are made once; what the reader points at only changes their colours, so that long texts stay fluid. */
function Strip(props: StripProps): JSX.Element {
  const { title, tokens, points, mark, onChoose } = props;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => paint(box.current, props));
  const spans = useMemo(() => tokens.map((token, position) => <StripToken key={position} token={token} position={position} />), [tokens]);
  const positionOf = ({ target }: Event): number | undefined => {
    const position = (target as Element).closest<HTMLElement>(".strip-token")?.dataset.position;
    return position === undefined ? undefined : Number(position);
  };
  const point = (event: Event): void => {
    const position = positionOf(event);
    if (position !== undefined) pointAt(mark, { [points]: position });
  };
  const choose = (event: Event): void => {
    const position = positionOf(event);
    if (position !== undefined) onChoose?.(points, position);
  };
  return (
    <div class="token-strip" role="group" aria-label={title || "Tokens"} onPointerOver={point} onClick={choose}>
      {title !== "" && <span class="token-strip-title">{title}</span>}
      <span ref={box}>{spans}</span>
    </div>
  );
}

function StripToken({ token, position }: { readonly token: string; readonly position: number }): JSX.Element {
  return (
    <span class="strip-token" data-position={position}>
      <bdi>{visibleToken(token)}</bdi>
    </span>
  );
}

/** How each token is painted. Most weights of a long text are near 0, so that few tokens look different in the next row. */
const looks = new WeakMap<Element, string>();

/** Colours the tokens by the weights of the row or column of the active one. */
function paint(box: HTMLElement | null, { active, points, colored, side, data, scale }: StripProps): void {
  const shows = colored && active !== undefined && active < (side === "query" ? data.rows : data.columns);
  box?.querySelectorAll<HTMLElement>(".strip-token").forEach((element, position) => {
    const cell = side === "query" ? { query: active!, key: position } : { query: position, key: active! };
    const isMasked = shows && !isAllowed(data, cell);
    const isActive = position === active && points === side;
    const ground = shows && !isMasked ? scale.colors[colorIndex(scale, data.values[cell.query * data.columns + cell.key]!)]! : undefined;
    const look = [isActive, isMasked, ground].join();
    if (looks.get(element) === look) return;
    looks.set(element, look);
    element.classList.toggle("active", isActive);
    element.classList.toggle("masked", isMasked);
    element.style.backgroundColor = ground === undefined ? "" : `rgb(${ground.join(" ")})`;
    element.style.color = ground === undefined ? "" : inkOn(ground);
  });
}
