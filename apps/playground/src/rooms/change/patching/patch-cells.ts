import type { PatchReading } from "./patch-reading.js";

/** The share that the stream at one position brings back. */
export interface PatchCell {
  readonly position: number;
  readonly restored: number | null;
}

/** The positions before one layer. */
interface PatchRow {
  readonly name: string;
  /** The layer whose output is put in, the one before; undefined before the first layer, where it is the embedding. */
  readonly before: string | undefined;
  readonly cells: readonly PatchCell[];
}

/** The layers of one stack: "encoder", "decoder", or "" in a model with one. */
export interface PatchStack {
  readonly stack: string;
  readonly tokens: readonly string[];
  readonly rows: readonly PatchRow[];
}

/** The cells of a reading by position, as rows of each stack of layers. */
export function patchRows({ cells, tokens, answerTokens }: PatchReading): PatchStack[] {
  const layers = [...new Set(cells.flatMap(({ layer }) => layer ?? []))];
  const stacks = [...new Set(layers.map(stackOf))];
  return stacks.map((stack) => {
    const own = layers.filter((layer) => stackOf(layer) === stack);
    return {
      stack,
      tokens: stack === "decoder" ? answerTokens : tokens,
      rows: own.map((layer, index) => ({
        name: `before L${index}`,
        before: own[index - 1],
        cells: cells.filter((cell) => cell.layer === layer).map(({ position, restored }) => ({ position: position!, restored })),
      })),
    };
  });
}

function stackOf(layer: string): string {
  return /^(\w+)\.layers\./.exec(layer)?.[1] ?? "";
}
