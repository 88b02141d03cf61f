import type { Check, LessonSettings } from "@tfblocks/lesson";
import type { Page } from "./page.js";

/** The input of every part. */
export interface Context {
  readonly tokens: readonly string[];
  /** The tokens of the second text, which cross-attention attends to. */
  readonly otherTokens: readonly string[];
  readonly settings: Required<LessonSettings>;
  /** Reports a slow step on standard error. */
  readonly progress: (message: string) => void;
}

/** The results of a part. */
export interface PartReport {
  readonly data: object;
  /** Results that differ from run to run. */
  readonly timings?: object;
  readonly checks: readonly Check[];
  print(page: Page): string[];
}

/** A part of the demo. */
export interface Part {
  readonly title: string;
  run(context: Context): Promise<PartReport>;
}
