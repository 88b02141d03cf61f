import { dispose } from "@tensorflow/tfjs-core";
import { readsWithoutStalling, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { SafetensorsReader } from "@tfblocks/weights";
import type { Layout } from "@tfblocks/weights/layouts";

/**
 * Whether the output head of weights is the token embedding. Where the sizes do not say, it is if both have the same numbers. On a
 * graphics processor, where comparing would stall it, the sizes are believed.
 *
 * @param tied what the sizes say
 * @throws ValueError when the sizes say that it is the embedding and the weights have another head
 */
export async function hasTiedHead(
  { tied: names, prefix }: Layout,
  tied: boolean | undefined,
  weights: SafetensorsReader,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  if (names === undefined || tied === false) return tied;
  const embedding = weights.names.some((name) => name.startsWith(prefix)) ? prefix + names.embedding : names.embedding;
  if (!weights.names.includes(names.head) || !weights.names.includes(embedding)) return tied;
  const equal = await sameNumbers(weights, names.head, embedding, signal);
  if (tied === true && equal === false) {
    refuse(
      ValueError,
      "loadModel",
      "config.tie_word_embeddings",
      `false for weights in which "${names.head}" differs from "${embedding}"`,
      "true",
    );
  }
  return tied ?? equal ?? false;
}

/** Whether two tensors of weights are equal; undefined where reading them from the backend would stall. */
async function sameNumbers(
  weights: SafetensorsReader,
  a: string,
  b: string,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  if (weights.info(a).shape.join() !== weights.info(b).shape.join()) return false;
  if (!readsWithoutStalling()) return undefined;
  const state = await weights.readAll({ names: [a, b], signal });
  try {
    const [ours, theirs] = [state[a]!.dataSync(), state[b]!.dataSync()];
    return ours.every((value, index) => Object.is(value, theirs[index]!));
  } finally {
    dispose(state);
  }
}
