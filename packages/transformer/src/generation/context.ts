/** What a logits processor or a stop rule is told about a row. */
export interface GenerationContext {
  /** The prompt and the tokens generated so far, without padding. A stop rule finds the new token at the end. */
  readonly ids: readonly number[];
  /** The number of ids at the start that are the prompt. */
  readonly promptLength: number;
  /** The index of the prompt; with beams, of the prompt that the beam continues. */
  readonly row: number;
}
