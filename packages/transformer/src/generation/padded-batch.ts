import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { type Mask, padding } from "@tfblocks/masks";
import { checkInteger, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** What a model is given at one step. */
export interface StepInput {
  /** int32 `[batch, length]` */
  readonly ids: Tensor;
  /** int32 `[batch, length]`, where prompts differ in length. */
  readonly positions: Tensor | undefined;
  /** Hides the padding among all keys so far, where prompts differ in length. */
  readonly mask: Mask | undefined;
}

/** The largest id that a tensor of ids can hold. */
export const largestId: number = 2 ** 31 - 1;

/** Prompts of several lengths, padded on the left to the longest, so that all go on at the same place. */
export class PaddedBatch {
  readonly rows: readonly (readonly number[])[];
  readonly longest: number;
  readonly #padId: number;
  #generated = 0;

  /** @throws ValueError when there is no prompt, an empty one, or one whose ids are no integers from 0 to 2^31 - 1 */
  constructor(prompts: readonly number[] | readonly (readonly number[])[], padId: number) {
    this.rows = checkPrompts(prompts);
    this.longest = this.rows.reduce((most, row) => Math.max(most, row.length), 0);
    this.#padId = padId;
  }

  /** The whole prompts. */
  first(): StepInput {
    const padded = this.rows.map((row) => [...Array<number>(this.longest - row.length).fill(this.#padId), ...row]);
    const positions = this.rows.map((row) => padded[0]!.map((_, at) => Math.max(0, at - (this.longest - row.length))));
    return this.#input(padded, positions);
  }

  /** One more token of each row. */
  next(tokens: readonly number[]): StepInput {
    const positions = this.rows.map((row) => [row.length + this.#generated]);
    this.#generated++;
    return this.#input(
      tokens.map((token) => [token]),
      positions,
    );
  }

  get #isPadded(): boolean {
    return this.rows.some((row) => row.length < this.longest);
  }

  #input(ids: readonly number[][], positions: readonly number[][]): StepInput {
    const matrix = (rows: readonly number[][]) => tensor2d(rows.flat(), [rows.length, rows[0]!.length], "int32");
    if (!this.#isPadded) return { ids: matrix(ids), positions: undefined, mask: undefined };
    return { ids: matrix(ids), positions: matrix(positions), mask: this.#mask() };
  }

  #mask(): Mask {
    const keys = this.longest + this.#generated;
    const keep = (row: readonly number[]) => Array.from({ length: keys }, (_, key) => key >= this.longest - row.length);
    return padding({ keep: this.rows.map(keep) });
  }
}

/** One prompt or several as several. */
function checkPrompts(prompts: readonly number[] | readonly (readonly number[])[]): readonly (readonly number[])[] {
  if (!Array.isArray(prompts)) refuse(ValueError, "generate", "prompts", "a list of ids, or several", describeValue(prompts));
  const rows = prompts.some(Array.isArray) ? (prompts as readonly (readonly number[])[]) : [prompts as readonly number[]];
  for (const [index, row] of rows.entries()) {
    if (!Array.isArray(row)) refuse(ValueError, "generate", `prompts[${index}]`, "a list of ids, as the others", describeValue(row));
    if (row.length === 0) {
      refuse(ValueError, "generate", `prompts[${index}]`, "at least one id", "none", "start with the token that starts a text");
    }
    for (const [at, id] of row.entries()) checkInteger("generate", `prompts[${index}][${at}]`, id, 0, largestId);
  }
  return rows;
}
