import type { Readable } from "node:stream";
import type { CommandContext, Output } from "@tfblocks/command-line";
import type { ColorSupport } from "./ink.js";

/** The environment of the demo; tests pass their own. */
export interface DemoContext extends Pick<CommandContext, "stderr"> {
  readonly stdout: Output & ColorSupport;
  /** A pipe or file that may contain the text; undefined for a terminal. */
  readonly stdin: Readable | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}
