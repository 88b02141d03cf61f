import type { ComputeState } from "../compute/compute-client.js";
import { summarizeBackend } from "../compute/describe-backend.js";
import { parseHash } from "../routing/hash.js";

/** What a report is about. */
export interface Crash {
  readonly error: unknown;
  readonly compute: ComputeState;
  /** The hash of the URL. */
  readonly hash: string;
  /** As the browser names itself. */
  readonly browser: string;
}

/** A report on an error, as text. @param withText whether it may hold what the reader wrote */
export function writeReport({ error, compute, hash, browser }: Crash, withText: boolean): string {
  const { message, stack = "" } = error instanceof Error ? error : { message: String(error) };
  const lines = [
    `build: ${fileOf(import.meta.url)}`,
    `link: ${withText ? hash : withoutTexts(hash)}`,
    `error: ${withText ? message : withoutQuotes(message)}`,
    ...(stack.match(/^\s*at .*|^.*@.*:\d+$/gm) ?? []).slice(0, 12).map((line) => `  ${line.trim()}`),
    `backend: ${describe(compute)}`,
    `browser: ${browser}`,
  ];
  return lines.join("\n");
}

function describe(compute: ComputeState): string {
  if (compute.phase === "ready") return summarizeBackend(compute.info);
  return compute.phase === "failed" ? `failed: ${compute.failure.detail}` : compute.phase;
}

/** The link with only those values that cannot be a text: names of models, places, numbers and switches. */
export function withoutTexts(hash: string): string {
  const { room, parameters } = parseHash(hash);
  const shown = [...parameters].map(([name, value]) => {
    const isPlain = name === "model" || name === "head" || /^(-?[\d.]+|true|false)$/.test(value);
    return `${name}=${isPlain ? value : "…"}`;
  });
  return [`#/${room}`, ...shown].join(" ");
}

function withoutQuotes(message: string): string {
  return message.replaceAll(/"[^"]*"|“[^”]*”|'[^']*'/g, "“…”");
}

function fileOf(url: string): string {
  return url.split("/").at(-1)!;
}
