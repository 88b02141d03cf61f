import type { JSX } from "preact";

/** In place of predictions, for a model that has none. */
export function NoPredictions(): JSX.Element {
  return <p class="hint">This model has no output for tokens, so it predicts nothing: it turns a text into vectors.</p>;
}
