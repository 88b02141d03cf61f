/** A mask composed of parts, as plain data; a key is visible if every part allows it. */
export interface MaskSpec {
  /** Only earlier keys and the query's own. */
  readonly causal: boolean;
  /** The first keys that every query sees in spite of `causal`; 0 for none. */
  readonly prefix: number;
  /** How many keys before and after the query it sees; null for all. */
  readonly window: { readonly before: number; readonly after: number } | null;
  /** How many of the last keys are padding, which nobody sees. */
  readonly padding: number;
  /** Positions at which a new document starts; a query sees only its own document. */
  readonly documents: readonly number[];
}
