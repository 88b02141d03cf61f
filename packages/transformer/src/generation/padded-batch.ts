import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { type Mask, padding } from "@tfblocks/masks";
import { checkInteger, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** What a model is given at one step. */
export interface StepInput {
  /** int32 `[batch, length]` */
  readonly ids: Tensor;
  /** int32 `[batch, length]`, where prompts differ in length. */
  readonly positions: Tensor | undefined;
}

/** Prompts of several lengths, padded on the left to the longest, so that all go on at the same place. */
export class PaddedBatch {
  readonly rows: readonly (readonly number[])[];
  readonly longest: number;
  /** Hides the padding, now and later; undefined where there is none. */
  readonly mask: Mask | undefined;
  readonly #padId: number;
  #generated = 0;

  /** @throws ValueError when there is no prompt, an empty one, or one whose ids are no integers >= 0 */
  constructor(prompts: readonly (readonly number[])[], padId: number, maxNewTokens: number) {
    checkPrompts(prompts);
    this.rows = prompts;
    this.longest = Math.max(...prompts.map((row) => row.length));
    this.#padId = padId;
    const keep = (row: readonly number[]) =>
      Array.from({ length: this.longest + maxNewTokens }, (_, key) => key >= this.longest - row.length);
    this.mask = this.#isPadded ? padding({ keep: prompts.map(keep) }) : undefined;
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
    return { ids: matrix(ids), positions: this.#isPadded ? matrix(positions) : undefined };
  }
}

/** One prompt, or several, as rows. @throws ValueError when it is neither */
export function promptRows(prompts: readonly number[] | readonly (readonly number[])[]): readonly (readonly number[])[] {
  checkArray("prompts", prompts, "an array of ids, or of such arrays");
  return prompts.some((each) => typeof each === "object") ? (prompts as readonly (readonly number[])[]) : [prompts as readonly number[]];
}

/** @throws ValueError when the stop tokens are no ids, such as the id of a token that a tokenizer does not have */
export function checkStopTokens(stopTokens: readonly number[]): void {
  checkArray("stopTokens", stopTokens, "an array of ids");
  for (const [at, id] of stopTokens.entries()) checkInteger("generate", `stopTokens[${at}]`, id, 0);
}

function checkPrompts(prompts: readonly (readonly number[])[]): void {
  if (prompts.length === 0) refuse(ValueError, "generate", "prompts", "at least one list of ids", "none");
  for (const [index, row] of prompts.entries()) {
    checkArray(`prompts[${index}]`, row, "an array of ids");
    if (row.length === 0) {
      refuse(ValueError, "generate", `prompts[${index}]`, "at least one id", "none", "start with the token that starts a text");
    }
    for (const [at, id] of row.entries()) checkInteger("generate", `prompts[${index}][${at}]`, id, 0);
  }
}

function checkArray(argument: string, value: unknown, expected: string): void {
  if (Array.isArray(value)) return;
  const advice = ArrayBuffer.isView(value) ? `copy it with Array.from(${argument})` : undefined;
  refuse(ValueError, "generate", argument, expected, describeValue(value), advice);
}
