import type { Readable } from "node:stream";
import type { ColorSupport } from "./ink.js";

/** Where the demonstration writes to. */
export interface Output extends ColorSupport {
  write(text: string): unknown;
  readonly columns?: number | undefined;
}

/** What surrounds a run; a test gives its own. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  /** A pipe or file that may hold the text; undefined for a terminal. */
  readonly stdin: Readable | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}
