import type { Check, LessonSettings } from "@tfblocks/lesson";
import type { Page } from "./page.js";

/** What every part works on. */
export interface Context {
  readonly tokens: readonly string[];
  /** Of the second text, which cross-attention looks at. */
  readonly otherTokens: readonly string[];
  readonly settings: Required<LessonSettings>;
  /** Says what takes long, where it does not mix with the results. */
  readonly progress: (message: string) => void;
}

/** What a part found out, and how it says it. */
export interface PartReport {
  readonly data: object;
  /** What does not repeat from run to run. */
  readonly timings?: object;
  readonly checks: readonly Check[];
  print(page: Page): string[];
}

/** A chapter of the demonstration. */
export interface Part {
  readonly title: string;
  run(context: Context): Promise<PartReport>;
}
