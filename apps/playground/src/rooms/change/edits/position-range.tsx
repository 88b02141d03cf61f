import type { JSX } from "preact";
import { Switch } from "../../../ui/fields.js";
import { visibleToken } from "../../../ui/format.js";

interface PositionRangeProps {
  readonly tokens: readonly string[];
  readonly range: readonly [first: number, last: number] | null;
  readonly onChange: (range: readonly [first: number, last: number] | null) => void;
}

/** Chooses all positions of a text, or those from one token to another. */
export function PositionRange({ tokens, range, onChange }: PositionRangeProps): JSX.Element {
  const last = Math.max(0, tokens.length - 1);
  const [from, to] = range ?? [0, last];
  return (
    <>
      <Switch label="At every position" value={range === null} onChange={(isAll) => onChange(isAll ? null : [0, last])} />
      {range !== null && (
        <div class="field-row">
          <PositionChoice label="From" tokens={tokens} value={from} onChange={(next) => onChange([next, Math.max(next, to)])} />
          <PositionChoice label="To" tokens={tokens} value={to} onChange={(next) => onChange([Math.min(from, next), next])} />
        </div>
      )}
    </>
  );
}

interface PositionChoiceProps {
  readonly label: string;
  readonly tokens: readonly string[];
  readonly value: number;
  readonly onChange: (position: number) => void;
}

/** Chooses a token by its position. */
export function PositionChoice({ label, tokens, value, onChange }: PositionChoiceProps): JSX.Element {
  return (
    <label class="choice-field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {tokens.map((token, position) => (
          <option key={position} value={position}>
            {position} · {visibleToken(token)}
          </option>
        ))}
      </select>
    </label>
  );
}
