import { slice } from "@tensorflow/tfjs-core";
import { attributeLogits, type LogitAttribution, readPredictions } from "@tfblocks/analysis/models";
import { ValueError } from "@tfblocks/tensor-utils";
import type { HeadPlace } from "../models/model-info.js";
import { checkHead, likelyToken } from "./read-predictions.js";
import { ReadingError } from "./reading-error.js";
import type { AttributionReading, LikelyToken } from "./readings.js";
import type { Run } from "./run.js";

/**
 * What each part of the model adds to the logit of a token.
 *
 * @param tokenId default the likeliest token
 * @throws ReadingError when the model has no head, the position or the token does not exist, or an edit cannot be followed
 */
export async function readAttribution(run: Run, position: number, tokenId?: number): Promise<AttributionReading> {
  checkHead(run.opened);
  const token = await tokenAt(run, position, tokenId);
  const [{ logit, components }] = await attributions(run, [position], [token.id]);
  return {
    position,
    token,
    logit,
    components: components.map((each) => ({ name: nameOf(each), place: placeOf(run, each), value: each.value })),
  };
}

/** The attributions of tokens at positions. @throws ReadingError when an edit cannot be followed */
export async function attributions(
  { model, tensors: { ids, source } }: Run,
  at: readonly number[],
  tokens: readonly number[],
): Promise<readonly [LogitAttribution, ...LogitAttribution[]]> {
  try {
    const found = await attributeLogits(model, ids, { token: [[...tokens]], at, ...(source && { source }) });
    return found as readonly [LogitAttribution, ...LogitAttribution[]];
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ReadingError("edits", "With these changes the logit is no longer the sum of what the parts add, so it cannot be split.");
  }
}

async function tokenAt({ model, hidden, opened, texts }: Run, position: number, tokenId: number | undefined): Promise<LikelyToken> {
  const { length } = texts.text.ids;
  if (!(Number.isInteger(position) && position >= 0 && position < length)) {
    throw new ReadingError("text", `There is no position ${position}: the text has ${length} tokens, counted from 0.`);
  }
  if (tokenId !== undefined && !(Number.isInteger(tokenId) && tokenId >= 0 && tokenId < model.vocabSize)) {
    throw new ReadingError("text", `There is no token ${tokenId}: the vocabulary has ${model.vocabSize}, counted from 0.`);
  }
  const state = slice(hidden, [0, position, 0], [1, 1, -1]);
  try {
    const [[read]] = (await readPredictions(model, state, { topK: 1, targets: [[tokenId ?? null]] })) as [[never]];
    const { top, target } = read as Awaited<ReturnType<typeof readPredictions>>[number][number];
    const found = target === null ? top[0]! : { token: target.token, probability: Math.exp(target.logProb) };
    return likelyToken(opened.tokenizer, found);
  } finally {
    state.dispose();
  }
}

type Component = LogitAttribution["components"][number];

/** The head that a component is; null for another part. */
export function placeOf({ opened }: Run, { part, head }: Pick<Component, "part" | "head">): HeadPlace | null {
  if (head === null) return null;
  const stack = opened.info.stacks.find(({ parts }) => parts.includes(part))!;
  return { kind: stack.kind, layer: stack.parts.indexOf(part), head };
}

/** A part in words: "L1 feed-forward" for "layers.1.feedForward". */
function nameOf({ name, kind, layer }: Component): string {
  if (kind === "head") return name;
  const where = layer === null ? "" : `L${layer} `;
  const what = { attentionBias: "attention bias", feedForward: "feed-forward", normBias: "norm bias", headBias: "vocabulary bias" };
  if (kind === "embedding") return embeddingName(name);
  return `${where}${what[kind as "normBias"] ?? name}`;
}

function embeddingName(name: string): string {
  if (name.endsWith("positionEmbedding")) return "position embedding";
  return name.endsWith("segmentEmbedding") ? "segment embedding" : "token embedding";
}
