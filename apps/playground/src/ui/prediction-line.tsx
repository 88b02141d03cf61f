import type { JSX } from "preact";
import { useId, useMemo, useRef } from "preact/hooks";
import type { LikelyToken, PositionPrediction } from "../reading/readings.js";
import { formatNumber, visibleToken } from "./format.js";
import { MoreSides } from "./more-sides.js";
import { formatProbability, ProbabilityBars } from "./probability-bars.js";
import { useChosenInView } from "./use-chosen-in-view.js";
import { useColumnWindow } from "./use-column-window.js";

export interface PredictionLineProps {
  /** The tokens after which, or at which, the model predicts: of an encoder-decoder, those of the answer. */
  readonly tokens: readonly string[];
  /** One for each token. */
  readonly positions: readonly PositionPrediction[];
  /** What the model predicts at a position: the token that follows, or the token there. */
  readonly predicts: "the next token" | "masked tokens";
  readonly selected: number;
  readonly onSelect: (position: number) => void;
  /** Called when the reader chooses one of the tokens predicted at the selected position. */
  readonly onChoose?: (token: LikelyToken) => void;
}

const [narrowest, widest] = [104, 136];
const shownTokens = 3;

/**
 * What a model predicts at each position of a text: the likeliest tokens with bars, and the token that follows with its rank and loss.
 * The arrow keys, Home and End select a position, whose prediction is shown in full below.
 */
export function PredictionLine(props: PredictionLineProps): JSX.Element {
  const { tokens, positions, predicts, onSelect } = props;
  const selected = Math.max(0, Math.min(props.selected, positions.length - 1));
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const columnWidth = useMemo(() => columnWidthOf(props), [tokens, positions]);
  const { first, end } = useColumnWindow(box, positions.length, columnWidth);
  const shown = [...positions.keys()].filter((position) => (position >= first && position < end) || position === selected);
  useChosenInView(box, { chosen: selected, count: positions.length, width: columnWidth });
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: selected - 1, ArrowRight: selected + 1, Home: 0, End: positions.length - 1 }[event.key];
    if (next === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    if (next >= 0 && next < positions.length) onSelect(next);
  };
  return (
    <div class="prediction-line">
      <MoreSides box={box} kind="strip-sides">
        <div
          ref={box}
          class="prediction-scroll"
          role="listbox"
          aria-orientation="horizontal"
          aria-label={predicts === "the next token" ? "What follows each token" : "What stands at each position"}
          aria-activedescendant={`${id}-${selected}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <div class="prediction-columns" style={{ width: `${positions.length * columnWidth}px` }}>
            {shown.map((position) => (
              <PredictionColumn
                key={position}
                id={`${id}-${position}`}
                position={position}
                width={columnWidth}
                token={tokens[position] ?? ""}
                prediction={positions[position]!}
                predicts={predicts}
                isSelected={position === selected}
                onSelect={onSelect}
              />
            ))}
          </div>
        </div>
      </MoreSides>
      {positions[selected] && <SelectedPrediction {...props} selected={selected} prediction={positions[selected]} />}
    </div>
  );
}

/** Columns are as wide as their tokens need, up to a limit. */
function columnWidthOf({ tokens, positions }: PredictionLineProps): number {
  const texts = positions.flatMap(({ top }) => top.slice(0, shownTokens).map(({ text }) => text));
  const longest = [...tokens, ...texts].reduce((most, text) => Math.max(most, visibleToken(text).length), 1);
  return Math.min(widest, narrowest + 8 * (longest - 1));
}

interface PredictionColumnProps extends Pick<PredictionLineProps, "predicts" | "onSelect"> {
  readonly id: string;
  readonly position: number;
  readonly width: number;
  readonly token: string;
  readonly prediction: PositionPrediction;
  readonly isSelected: boolean;
}

function PredictionColumn({ id, position, width, token, prediction, predicts, isSelected, onSelect }: PredictionColumnProps): JSX.Element {
  const { top, actual } = prediction;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isSelected}
      class={isSelected ? "prediction chosen" : "prediction"}
      style={{ left: `${position * width}px`, width: `${width}px` }}
      onClick={() => onSelect(position)}
    >
      <span class="spoken">{spoken(token, position, prediction, predicts)}</span>
      <span class="prediction-token" aria-hidden="true">
        <bdi>{visibleToken(token)}</bdi>
        <sub>{position}</sub>
      </span>
      <div aria-hidden="true">
        <ProbabilityBars tokens={top.slice(0, shownTokens)} actual={actual?.id} />
      </div>
      {actual !== null && (
        <span class="prediction-actual" aria-hidden="true">
          <bdi>{visibleToken(actual.text)}</bdi>: rank {actual.rank}
          <br />
          loss {formatNumber(actual.loss)}
        </span>
      )}
    </div>
  );
}

/** A prediction in full: more tokens, and the token that follows with rank and loss. */
function SelectedPrediction({
  tokens,
  selected,
  prediction: { top, actual },
  predicts,
  onChoose,
}: PredictionLineProps & { readonly prediction: PositionPrediction }): JSX.Element {
  const token = (
    <strong>
      “<bdi>{visibleToken(tokens[selected] ?? "")}</bdi>” ({selected})
    </strong>
  );
  return (
    <div class="prediction-detail">
      <p class="prediction-title">
        {predicts === "the next token" ? "After" : "At"} {token} the model expects:
      </p>
      <ProbabilityBars tokens={top} actual={actual?.id} onChoose={onChoose} />
      {actual !== null && (
        <p class="hint">
          What follows is “<bdi>{visibleToken(actual.text)}</bdi>”: probability {formatProbability(actual.probability)}, rank {actual.rank},
          loss {formatNumber(actual.loss)} (−ln of the probability).
        </p>
      )}
    </div>
  );
}

function spoken(token: string, position: number, { top, actual }: PositionPrediction, predicts: PredictionLineProps["predicts"]): string {
  const place = `${predicts === "the next token" ? "After" : "At"} “${visibleToken(token)}” (${position})`;
  const tokens = top.slice(0, shownTokens).map(({ text, probability }) => `“${visibleToken(text)}” ${formatProbability(probability)}`);
  const follows = actual === null ? "" : `; “${visibleToken(actual.text)}” follows, rank ${actual.rank}, loss ${formatNumber(actual.loss)}`;
  return `${place}: ${tokens.join(", ")}${follows}`;
}
