import { scope } from "@tfblocks/tensor-utils";
import type { OpenModel } from "../../../models/opened-model.js";
import { hiddenStates, type ReadTexts, withTensors } from "../../../reading/model-texts.js";
import { ReadingError } from "../../../reading/reading-error.js";
import { logitsAt } from "./logits-at.js";
import type { PatchSettings } from "./patch-settings.js";
import type { PatchTexts } from "./patch-texts.js";

/** The ids of the tokens whose logits are compared. */
export interface ComparedTokens {
  readonly right: number;
  readonly wrong: number;
}

/**
 * The tokens that are compared: those that the reader names, or the likeliest after each text.
 *
 * @throws ReadingError when a name is not one token, or both are the same
 */
export async function comparedTokens(
  opened: OpenModel,
  { clean, corrupt }: PatchTexts,
  at: number,
  names: Pick<PatchSettings, "right" | "wrong">,
): Promise<ComparedTokens> {
  const right = choose(opened, names.right, await readLogits(opened, clean, at));
  const wrong = choose(opened, names.wrong, await readLogits(opened, corrupt, at));
  if (right !== wrong) return { right, wrong };
  const [text] = opened.tokenizer.texts([right]);
  const advice = "Name two different tokens: what each of the texts should lead to.";
  throw new ReadingError("edits", `Both sides of the comparison are “${text}”, so that there is nothing to bring back. ${advice}`);
}

/** The likelier one of the tokens that a name may stand for, with and without a space before it; of all tokens without a name. */
function choose(opened: OpenModel, name: string, logits: Float32Array): number {
  const candidates = name === "" ? [...logits.keys()] : tokensNamed(opened, name);
  return candidates.reduce((best, id) => (logits[id]! > logits[best]! ? id : best));
}

function tokensNamed({ tokenizer }: OpenModel, name: string): number[] {
  const encodings = [name, ` ${name}`].map((text) => encoded(tokenizer, text));
  const single = encodings.flatMap((ids) => (ids?.length === 1 ? ids : []));
  if (single.length > 0) return single;
  const [plain] = encodings;
  const what = plain === undefined ? "is not in the vocabulary of this model" : `is ${plain.length} tokens of this model`;
  throw new ReadingError("edits", `“${name}” ${what}. Name a piece of text that is one token.`);
}

/** The ids of a text without special tokens; undefined if the model does not know it. */
function encoded(tokenizer: OpenModel["tokenizer"], text: string): number[] | undefined {
  try {
    return tokenizer.encode(text).filter((id) => !tokenizer.specialIds.has(id));
  } catch {
    return undefined;
  }
}

async function readLogits({ model }: OpenModel, texts: ReadTexts, at: number): Promise<Float32Array> {
  const logits = withTensors(texts, (tensors) => scope(() => logitsAt(model, hiddenStates(model, tensors), at)));
  try {
    return await logits.data<"float32">();
  } finally {
    logits.dispose();
  }
}
