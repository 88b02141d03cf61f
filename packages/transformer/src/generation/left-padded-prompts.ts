import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { type Mask, padding } from "@tfblocks/masks";

/** The input of one step. */
export interface StepInput {
  /** int32 `[batch, length]` */
  readonly ids: Tensor;
  /** int32 `[batch, length]`, where prompts differ in length. */
  readonly positions: Tensor | undefined;
  /** Hides padding among all keys so far, where prompts differ in length. */
  readonly mask: Mask | undefined;
}

/**
 * Prompts padded on the left to the length of the longest, so that all continue at the same index. Each row counts its own
 * positions; padding takes none.
 */
export class LeftPaddedPrompts {
  readonly #rows: readonly (readonly number[])[];
  readonly #padId: number;
  /** The largest position. A row that has ended stays there while others continue. */
  readonly #lastPosition: number;
  readonly #longest: number;
  #generated: number;

  constructor(rows: readonly (readonly number[])[], padId: number, contextLength: number, generated = 0) {
    this.#rows = rows;
    this.#padId = padId;
    this.#lastPosition = contextLength - 1;
    this.#longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
    this.#generated = generated;
  }

  /** The same prompts with each row several times in succession. */
  repeated(times: number): LeftPaddedPrompts {
    const rows = this.#rows.flatMap((row) => Array.from({ length: times }, () => row));
    return new LeftPaddedPrompts(rows, this.#padId, this.#lastPosition + 1, this.#generated);
  }

  /** Prompts that are the texts so far, padded as before. */
  restarted(rows: readonly (readonly number[])[]): LeftPaddedPrompts {
    return new LeftPaddedPrompts(rows, this.#padId, this.#lastPosition + 1);
  }

  /** The input of the first step: the whole prompts, or what follows the first `cached` ids. */
  first(cached = 0): StepInput {
    const padded = this.#rows.map((row) => [...Array<number>(this.#longest - row.length).fill(this.#padId), ...row].slice(cached));
    const positions = this.#rows.map((row) => padded[0]!.map((_, at) => Math.max(0, at - (this.#longest - row.length))));
    return this.#input(padded, positions);
  }

  /** The input of a later step: one more token of each row. */
  next(tokens: readonly number[]): StepInput {
    const positions = this.#rows.map((row) => [Math.min(row.length + this.#generated, this.#lastPosition)]);
    this.#generated++;
    return this.#input(
      tokens.map((token) => [token]),
      positions,
    );
  }

  /** Whether prompts differ in length. */
  get isPadded(): boolean {
    return this.#rows.some((row) => row.length < this.#longest);
  }

  #input(ids: readonly number[][], positions: readonly number[][]): StepInput {
    const matrix = (rows: readonly number[][]) => tensor2d(rows.flat(), [rows.length, rows[0]!.length], "int32");
    if (!this.isPadded) return { ids: matrix(ids), positions: undefined, mask: undefined };
    return { ids: matrix(ids), positions: matrix(positions), mask: this.#mask() };
  }

  #mask(): Mask {
    const keys = this.#longest + this.#generated;
    const keep = (row: readonly number[]) => Array.from({ length: keys }, (_, key) => key >= this.#longest - row.length);
    return padding({ keep: this.#rows.map(keep) });
  }
}
