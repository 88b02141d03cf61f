import type { ExportFiles } from "./export-files.js";

/** What the pictures of a panel are saved with. */
export interface Saving {
  readonly exports: ExportFiles;
  /** What they are of, at the start of their titles, for example "Grammar, L0". */
  readonly subject: string;
}
