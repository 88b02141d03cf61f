import type { JSX } from "preact";
import type { LikelyToken } from "../reading/readings.js";
import { visibleToken } from "./format.js";

interface ProbabilityBarsProps {
  readonly tokens: readonly LikelyToken[];
  /** The token that really follows. */
  readonly actual?: number | undefined;
  readonly onChoose?: ((token: LikelyToken) => void) | undefined;
}

/** Tokens with their probabilities as bars from 0 to 1. The token that really follows is marked. */
export function ProbabilityBars({ tokens, actual, onChoose }: ProbabilityBarsProps): JSX.Element {
  return (
    <ol class="probability-bars">
      {tokens.map((token) => (
        <li key={token.id} class={token.id === actual ? "probability actual" : "probability"}>
          <span class="probability-fill" style={{ "--share": token.probability }} aria-hidden="true" />
          {onChoose === undefined ? (
            <TokenName token={token} />
          ) : (
            <button type="button" class="row-button" onClick={() => onChoose(token)}>
              <TokenName token={token} />
            </button>
          )}
          <span class="probability-number">{formatProbability(token.probability)}</span>
        </li>
      ))}
    </ol>
  );
}

function TokenName({ token }: { readonly token: LikelyToken }): JSX.Element {
  return (
    <bdi class="probability-token" title={visibleToken(token.text)}>
      {visibleToken(token.text)}
    </bdi>
  );
}

/** A probability in percent, for example "97 %" or "0.3 %". */
export function formatProbability(probability: number): string {
  const percent = probability * 100;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  if (percent >= 10 || percent === 0) return `${percent > 99 && percent < 99.95 ? percent.toFixed(1) : percent.toFixed(0)} %`;
  return `${percent.toFixed(1)} %`;
}
