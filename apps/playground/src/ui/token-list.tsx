import type { JSX } from "preact";
import type { TokenView } from "../reading/readings.js";
import { visibleToken } from "./format.js";

/** More tokens are counted, not drawn. */
const maxShown = 400;

/** The tokens of a text in reading order; those that the vocabulary lacks are marked. */
export function TokenList({ label, tokens }: { readonly label: string; readonly tokens: readonly TokenView[] }): JSX.Element {
  return (
    <div class="token-list" role="group" aria-label={label} tabIndex={0}>
      {tokens.slice(0, maxShown).map(({ id, text, isUnknown }, position) => (
        <span key={position} class={isUnknown ? "strip-token unknown" : "strip-token"} title={titleOf(id, isUnknown)}>
          <bdi>{visibleToken(text)}</bdi>
          {isUnknown && <span class="spoken"> (not in the vocabulary)</span>}
        </span>
      ))}
      {tokens.length > maxShown && <span class="hint">and {tokens.length - maxShown} more</span>}
    </div>
  );
}

function titleOf(id: number, isUnknown: boolean): string {
  return isUnknown ? `not in the vocabulary; read as token ${id}` : `token ${id}`;
}
