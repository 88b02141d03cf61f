import { type Fields, integerAt, refusePart } from "./fields.js";

const largestIntegerId = 2 ** 31 - 2;
const isId = (id: unknown): id is number => typeof id === "number" && Number.isInteger(id) && id >= 0 && id <= largestIntegerId;

/** Tokens and their ids, one to one. */
export class Vocabulary {
  readonly #ids = new Map<string, number>();
  readonly #tokens = new Map<number, string>();

  /** How many tokens there are; ids may go beyond. */
  get size(): number {
    return this.#ids.size;
  }

  /** @throws ValueError when an id is not one that a tensor can hold, or another token has it */
  add(path: () => string, token: string, id: unknown): void {
    const number = isId(id) ? id : integerAt(path(), id, 0, largestIntegerId);
    const other = this.#tokens.get(number);
    if (other !== undefined && other !== token) refusePart(path(), `an id that no other token has; "${other}" has it`, number);
    this.#ids.set(token, number);
    this.#tokens.set(number, token);
  }

  id(token: string): number | undefined {
    return this.#ids.get(token);
  }

  token(id: number): string | undefined {
    return this.#tokens.get(id);
  }

  largestId(): number {
    let largest = -1;
    for (const id of this.#tokens.keys()) largest = Math.max(largest, id);
    return largest;
  }
}

/** The vocabulary of a model: an object of tokens and ids. */
export function readVocabulary(fields: Fields): Vocabulary {
  const vocabulary = new Vocabulary();
  const path = (token: string) => `${fields.at("vocab")}[${JSON.stringify(token)}]`;
  for (const [token, id] of fields.object("vocab").entries()) vocabulary.add(() => path(token), token, id);
  return vocabulary;
}
