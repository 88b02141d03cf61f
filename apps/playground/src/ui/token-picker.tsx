import type { JSX } from "preact";
import { visibleToken } from "./format.js";

interface TokenPickerProps {
  readonly label: string;
  readonly tokens: readonly string[];
  readonly token: number;
  readonly choose: (token: number) => void;
}

/** The tokens of a text as buttons, one of which is chosen. The arrow keys move between them. */
export function TokenPicker({ label, tokens, token, choose }: TokenPickerProps): JSX.Element {
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: token - 1, ArrowRight: token + 1, Home: 0, End: tokens.length - 1 }[event.key];
    if (next === undefined || next < 0 || next >= tokens.length) return;
    event.preventDefault();
    choose(next);
    const group = event.currentTarget as HTMLElement;
    group.querySelectorAll<HTMLButtonElement>("button")[next]?.focus();
  };
  return (
    <div class="token-picker" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {tokens.map((each, index) => (
        <button
          key={index}
          type="button"
          role="radio"
          aria-checked={index === token}
          tabIndex={index === token ? 0 : -1}
          class={index === token ? "token-button chosen" : "token-button"}
          onClick={() => choose(index)}
        >
          <bdi>{visibleToken(each)}</bdi>
        </button>
      ))}
    </div>
  );
}
