import { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkShapes, checkTensor, refuse, ShapeError } from "@tfblocks/tensor-utils";
import type { AllowedKeys, MapMask, MapShape } from "./allowed-keys.js";
import { type AttentionMaps, type AttentionMapsOptions, buildMaps, mapOptionNames } from "./attention-maps.js";

/** Options of {@link readAttention}: those of `attentionMaps`, but `mask` and `queryKeep` may also be bool tensors. */
export interface ReadAttentionOptions extends Omit<AttentionMapsOptions, "mask" | "queryKeep"> {
  /**
   * As in {@link AttentionMapsOptions}, or a bool tensor that is `[queryLength, keyLength]` or broadcasts to
   * `[batch, heads, queryLength, keyLength]`.
   */
  readonly mask: MapMask | Tensor;
  /** As in {@link AttentionMapsOptions}, or a bool tensor `[queryLength]` or `[batch, queryLength]`. */
  readonly queryKeep?: Uint8Array | Tensor;
}

/**
 * Attention maps from a tensor. The values are read from the backend once; metrics then read plain arrays.
 *
 * The tensors are borrowed and may be disposed once the promise is settled.
 *
 * @param weights `[batch, heads, queryLength, keyLength]`, with a learned key keyLength + 1, float32, after softmax, before dropout
 * @throws ShapeError when a shape contradicts the weights, or a mask tensor has three dimensions
 * @throws DTypeError when the weights are not float32, or a mask tensor is not bool
 * @throws DisposedError when a tensor was disposed
 * @throws ValueError whenever `attentionMaps` throws it
 */
export async function readAttention(weights: Tensor, options: ReadAttentionOptions): Promise<AttentionMaps> {
  const sizes = checkShapes("readAttention", { weights: [weights, "batch heads queryLength keyLength"] });
  const shape: MapShape = [sizes.batch, sizes.heads, sizes.queryLength, sizes.keyLength];
  const { mask, queryKeep, ...positions } = checkOptions("readAttention", options, mapOptionNames);
  const [values, allowed, kept] = await Promise.all([weights.data(), readMask(mask), readKept(queryKeep, shape)]);
  return buildMaps("readAttention", values, shape, { ...positions, mask: allowed, ...(kept === undefined ? {} : { queryKeep: kept }) });
}

async function readMask(mask: MapMask | Tensor): Promise<MapMask> {
  if (!(mask instanceof Tensor)) return mask;
  checkTensor("readAttention", "mask", mask, "bool");
  const shape = fourSizes(mask.shape);
  return { data: await readBool(mask), shape } satisfies AllowedKeys;
}

function fourSizes(sizes: readonly number[]): MapShape {
  if (sizes.length === 2) return [1, 1, sizes[0]!, sizes[1]!];
  if (sizes.length === 4) return sizes as unknown as MapShape;
  return refuse(
    ShapeError,
    "readAttention",
    "mask",
    "[queryLength, keyLength] or [batch, heads, queryLength, keyLength]",
    `[${sizes.join(", ")}]`,
    sizes.length === 3 ? adviceFor3D(sizes) : undefined,
  );
}

function adviceFor3D([first, queryLength, keyLength]: readonly number[]): string {
  const sizes = `${queryLength}, ${keyLength}`;
  return `reshape it to [${first}, 1, ${sizes}] if the first axis is the batch, or to [1, ${first}, ${sizes}] if it is the heads`;
}

async function readKept(keep: Uint8Array | Tensor | undefined, [batch, , queryLength]: MapShape): Promise<Uint8Array | undefined> {
  if (!(keep instanceof Tensor)) return keep;
  checkTensor("readAttention", "queryKeep", keep, "bool");
  const fits = keep.shape.at(-1) === queryLength && (keep.rank === 1 || (keep.rank === 2 && keep.shape[0] === batch));
  if (fits) return readBool(keep);
  return refuse(ShapeError, "readAttention", "queryKeep", `[${queryLength}] or [${batch}, ${queryLength}]`, `[${keep.shape.join(", ")}]`);
}

async function readBool(tensor: Tensor): Promise<Uint8Array> {
  return new Uint8Array(await tensor.data<"bool">());
}
