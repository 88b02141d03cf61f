/** How a text is cut into tokens: words, characters, or pieces that occur often (byte-level BPE). */
export const tokenKinds = ["words", "characters", "pieces"] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** The size of a decoder for a text of the reader. */
export interface TextSizes {
  readonly tokens: TokenKind;
  /** The largest number of tokens. */
  readonly vocabulary: number;
  readonly layers: number;
  /** A divisor of `dModel / 2`, so that the width of each head is even. */
  readonly heads: number;
  readonly dModel: number;
  /** Number of tokens in an example. */
  readonly context: number;
}

/** What is trained on what: a recipe of the zoo, or a decoder on a text. */
export type RunSource =
  | { readonly kind: "recipe"; readonly recipe: string }
  | { readonly kind: "text"; readonly text: string; readonly sizes: TextSizes };

/** Whether two runs learn the same task, so that their losses and heads compare. */
export function isSameTask(one: RunSource, other: RunSource): boolean {
  if (one.kind === "recipe") return other.kind === "recipe" && one.recipe === other.recipe;
  return other.kind === "text" && one.text === other.text;
}

/** Everything that decides the numbers of a run: the same settings give the same weights. */
export interface RunSettings {
  readonly source: RunSource;
  readonly steps: number;
  /** Number of examples in a step. */
  readonly batchSize: number;
  /** The largest learning rate, after the warm-up. */
  readonly learningRate: number;
  readonly seed: number;
}

/** A smallest and a largest value. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What the page lets a reader choose. Larger models train too slowly on a processor to be watched. */
export const runLimits = {
  steps: { min: 1, max: 5000 },
  batchSize: { min: 1, max: 128 },
  learningRate: { min: 1e-6, max: 1000 },
  seed: { min: 0, max: 999_999 },
  vocabulary: { min: 32, max: 4000 },
  layers: { min: 1, max: 4 },
  context: { min: 8, max: 128 },
} as const satisfies Record<string, Range>;

export const widths = [32, 64, 96, 128, 192] as const;
export const headCounts = [1, 2, 4, 8] as const;
/** A longer text is cut: a training of 5000 steps would not see more. */
export const maxTextLength = 2_000_000;

export const textDefaults: TextSizes = { tokens: "characters", vocabulary: 400, layers: 2, heads: 4, dModel: 64, context: 48 };
/** The defaults of a training on a text; a recipe has its own. */
export const textTraining = { steps: 600, batchSize: 16, learningRate: 3e-3 } as const;

/** Number of steps that are recorded after the one before the first step. */
const recordedSteps = 40;

/** Steps from one record of a training to the next. @param steps those of the training */
export const recordEvery = (steps: number): number => Math.max(1, Math.ceil(steps / recordedSteps));
