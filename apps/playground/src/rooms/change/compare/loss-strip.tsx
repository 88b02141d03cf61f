import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { largestMagnitude, signedScale } from "../../../color/color-scale.js";
import { describeToken, visibleToken } from "../../../ui/format.js";
import { formatSigned } from "../../../ui/format-signed.js";
import { Legend } from "../../../ui/legend.js";
import { tone } from "../../../ui/theme.js";
import { colorsOn } from "../../../ui/value-grid.js";
import type { PositionChange } from "./position-changes.js";

type Predicts = "the next token" | "masked tokens";

interface LossStripProps {
  /** The tokens after which, or at which, the model predicts. */
  readonly tokens: readonly string[];
  readonly predicts: Predicts;
  readonly changes: readonly PositionChange[];
  readonly selected: number;
  readonly onSelect: (position: number) => void;
}

/** Each predicted token in the colour of the change of its loss, underlined where the likeliest token is another. The arrow keys move. */
export function LossStrip({ tokens, predicts, changes, selected, onSelect }: LossStripProps): JSX.Element {
  const losses = changes.map(({ actual }) => actual?.lossChange ?? 0);
  const scale = signedScale(losses, tone.value);
  const strip = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: selected - 1, ArrowRight: selected + 1, Home: 0, End: changes.length - 1 }[event.key];
    if (next === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const position = Math.min(changes.length - 1, Math.max(0, next));
    onSelect(position);
    strip.current?.querySelectorAll<HTMLElement>("button")[position]?.focus();
  };
  return (
    <div class="loss-strip-box">
      <div ref={strip} class="loss-strip" role="group" aria-label="Change of the loss of each token" onKeyDown={onKeyDown}>
        {changes.map((change) => (
          <LossToken
            key={change.position}
            token={tokens[change.position] ?? ""}
            predicts={predicts}
            change={change}
            colors={change.actual === null ? undefined : colorsOn(scale, change.actual.lossChange)}
            isSelected={change.position === selected}
            onSelect={() => onSelect(change.position)}
          />
        ))}
      </div>
      <div class="loss-legends">
        {largestMagnitude(losses) > 0 && <Legend title="change of the loss (nats)" scale={scale} masked={undefined} />}
        {changes.some(({ isOther }) => isOther) && (
          <span class="legend">
            <span class="other-mark" aria-hidden="true">
              a
            </span>
            the likeliest token is another
          </span>
        )}
      </div>
    </div>
  );
}

interface LossTokenProps {
  readonly token: string;
  readonly predicts: Predicts;
  readonly change: PositionChange;
  readonly colors: ReturnType<typeof colorsOn> | undefined;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function LossToken({ token, predicts, change, colors, isSelected, onSelect }: LossTokenProps): JSX.Element {
  const label = describeChange(token, predicts, change);
  const classes = ["loss-token", ...(isSelected ? ["chosen"] : []), ...(change.isOther ? ["other"] : [])];
  return (
    <button
      type="button"
      class={classes.join(" ")}
      style={colors}
      tabIndex={isSelected ? 0 : -1}
      aria-pressed={isSelected}
      aria-label={label}
      title={label}
      onClick={onSelect}
    >
      <bdi>{shownToken(token, predicts, change)}</bdi>
    </button>
  );
}

/** The token that is predicted: the one that follows, "?" for what comes after the last one, or the one that stands there. */
function shownToken(token: string, predicts: Predicts, { actual }: PositionChange): string {
  if (predicts === "masked tokens") return visibleToken(token);
  return actual === null ? "?" : visibleToken(actual.text);
}

/** What changes at a position, in words. */
function describeChange(token: string, predicts: Predicts, { position, actual, isOther, before, after }: PositionChange): string {
  const place = describeToken(token, position);
  const likeliest = isOther ? `; likeliest “${visibleToken(after?.text ?? "")}” instead of “${visibleToken(before?.text ?? "")}”` : "";
  if (predicts === "masked tokens") return `At ${place}${likeliest}`;
  if (actual === null) return `What follows, after ${place}${likeliest}`;
  return `“${visibleToken(actual.text)}” after ${place}: loss ${formatSigned(actual.lossChange)}${likeliest}`;
}
