import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { SafetensorsReader, TensorRows } from "@tfblocks/weights";
import type { Layout } from "@tfblocks/weights/layouts";
import { type StoredEntry, type StoredWeights, tensorsOf } from "./stored-weights.js";

/**
 * Whether the output head of weights is the token embedding. Where the sizes do not say, it is if both have the same numbers.
 *
 * @param tied what the sizes say
 * @throws ValueError when the sizes say that it is the embedding and the weights have another head
 */
export async function hasTiedHead(
  { tied: names, prefix }: Layout,
  tied: boolean | undefined,
  stored: StoredWeights,
  weights: SafetensorsReader,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  if (names === undefined || tied === false) return tied;
  const hasPrefix = [...stored.keys()].some((name) => name.startsWith(prefix));
  const [head, embedding] = [stored.get(names.head), stored.get(hasPrefix ? prefix + names.embedding : names.embedding)];
  if (head === undefined || embedding === undefined) return tied;
  const equal = await sameEntries(weights, head, embedding, signal);
  if (tied === true && !equal) {
    refuse(
      ValueError,
      "loadModel",
      "config.tie_word_embeddings",
      `false for weights in which "${head.name}" differs from "${embedding.name}"`,
      "true",
    );
  }
  return tied ?? equal;
}

/** Whether two entries are equal, be they quantised or not. */
async function sameEntries(weights: SafetensorsReader, a: StoredEntry, b: StoredEntry, signal: AbortSignal | undefined): Promise<boolean> {
  const [ours, theirs] = [namesOf(a), namesOf(b)];
  if (ours.length !== theirs.length) return false;
  for (const [index, name] of ours.entries()) if (!(await sameNumbers(weights, name, theirs[index]!, signal))) return false;
  return true;
}

function namesOf(entry: StoredEntry): readonly string[] {
  return entry.precision === undefined ? [entry.name] : tensorsOf(entry);
}

/** Whether two tensors have the same numbers, which are read a few rows at a time. */
async function sameNumbers(weights: SafetensorsReader, a: string, b: string, signal: AbortSignal | undefined): Promise<boolean> {
  if (weights.info(a).shape.join() !== weights.info(b).shape.join()) return false;
  const others = weights.readRows(b, { signal });
  let rest: ArrayLike<number> = [];
  let at = 0;
  for await (const { elements } of weights.readRows(a, { signal })) {
    for (const each of elements) {
      if (at === rest.length) [rest, at] = [((await others.next()) as IteratorYieldResult<TensorRows>).value.elements, 0];
      if (Object.is(each, rest[at++])) continue;
      await others.return(undefined);
      return false;
    }
  }
  return true;
}
