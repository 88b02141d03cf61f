import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { FailureLine, Group } from "../../ui/fields.js";
import { visibleToken } from "../../ui/format.js";
import { documentWords } from "../../ui/mask-words.js";
import { mostKeys } from "./link.js";
import type { MasksState } from "./masks-state.js";

/** Texts with more tokens have no buttons; their documents are given as numbers. */
const mostButtons = 64;

/** Where new documents start: as numbers, and by buttons on the tokens. */
export function DocumentFields({ state }: { readonly state: MasksState }): JSX.Element {
  const { documents } = state.mask.value;
  const tokens = state.tokens.answered.value?.result.tokens ?? [];
  const toggle = (position: number): void => {
    const others = documents.filter((start) => start !== position);
    const next = others.length < documents.length ? others : [...documents, position].toSorted((a, b) => a - b);
    state.change({ documents: next });
  };
  return (
    <Group title="Documents" summary={documentWords(state.mask.value) ?? "one"}>
      <StartsField starts={documents} onChange={(next) => state.change({ documents: next })} />
      {tokens.length > 1 && tokens.length <= mostButtons && (
        <>
          <p class="hint">Or choose the tokens at which a new document starts:</p>
          <div class="document-starts" role="group" aria-label="Tokens at which a new document starts">
            {tokens.slice(1).map(({ text }, index) => (
              <button
                key={index}
                type="button"
                class={documents.includes(index + 1) ? "token-button chosen" : "token-button"}
                aria-pressed={documents.includes(index + 1)}
                onClick={() => toggle(index + 1)}
              >
                <bdi>{visibleToken(text)}</bdi>
              </button>
            ))}
          </div>
        </>
      )}
    </Group>
  );
}

/** Positions as text; what is not a list of them is kept until it is, with a message. */
function StartsField({
  starts,
  onChange,
}: {
  readonly starts: readonly number[];
  readonly onChange: (starts: number[]) => void;
}): JSX.Element {
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && readStarts(typed) === undefined;
  const type = (text: string): void => {
    setTyped(text);
    const read = readStarts(text);
    if (read !== undefined) onChange(read);
  };
  return (
    <div class="text-field">
      <label for="documents">New documents start at positions</label>
      <input
        id="documents"
        type="text"
        inputMode="numeric"
        placeholder="for example 4, 9"
        value={typed ?? starts.join(", ")}
        aria-invalid={isWrong}
        aria-describedby="documents-failure"
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => !isWrong && setTyped(undefined)}
      />
      <FailureLine
        id="documents-failure"
        sentence={isWrong ? `Please write positions from 1 to ${mostKeys}, with commas between them, such as 4, 9.` : undefined}
      />
    </div>
  );
}

/** Positions that are written with commas or spaces; undefined if something else is written. */
export function readStarts(text: string): number[] | undefined {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const numbers = words.map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number > 0 && number <= mostKeys)) return undefined;
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}
