import { multiHeadAttention } from "@tfblocks/attention";
import { type ActivationName, feedForward } from "@tfblocks/feed-forward";
import { LayerNorm } from "@tfblocks/norm";
import { building, Random } from "@tfblocks/tensor-utils";
import { postNorm, preNorm } from "../blocks/residual.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";

/** Sizes of the layers that PyTorch has. */
export interface TorchLayerSizes {
  readonly dModel: number;
  readonly numHeads: number;
  /** PyTorch's `dim_feedforward`; default 2048. */
  readonly hiddenDim?: number;
  /** Default `"relu"`. */
  readonly activation?: ActivationName;
  /** PyTorch's `norm_first`: norms before the sublayers instead of after the sums; default false. */
  readonly normFirst?: boolean;
  /** Default true. */
  readonly bias?: boolean;
  /** PyTorch's `layer_norm_eps`; default 1e-5. */
  readonly eps?: number;
  /** Default 0 (PyTorch: 0.1). */
  readonly dropout?: number;
  readonly random?: Random;
}

/** `torch.nn.TransformerEncoderLayer`, batch first. @throws ValueError when a size is no positive integer or does not divide */
export function torchEncoderLayer(sizes: TorchLayerSizes): TransformerLayer {
  return building(() => {
    return new TransformerLayer(torchParts(sizes));
  });
}

/**
 * `torch.nn.TransformerDecoderLayer`, batch first; its causal mask comes with the call, as in PyTorch.
 *
 * @throws ValueError when a size is no positive integer or does not divide
 */
export function torchDecoderLayer(sizes: TorchLayerSizes): TransformerLayer {
  return building(() => {
    const { dModel, numHeads, bias = true, eps = 1e-5, dropout = 0, random = new Random(0) } = sizes;
    return new TransformerLayer({
      ...torchParts(sizes),
      crossAttention: multiHeadAttention({ dModel, numHeads, bias, dropout, random: random.split("crossAttention") }),
      crossAttentionNorm: new LayerNorm({ features: dModel, eps, bias }),
    });
  });
}

function torchParts(sizes: TorchLayerSizes) {
  const { dModel, numHeads, hiddenDim = 2048, activation = "relu", normFirst = false, bias = true } = sizes;
  const { eps = 1e-5, dropout = 0, random = new Random(0) } = sizes;
  const norm = () => new LayerNorm({ features: dModel, eps, bias });
  return {
    attention: multiHeadAttention({ dModel, numHeads, bias, dropout, random: random.split("attention") }),
    attentionNorm: norm(),
    feedForward: feedForward({ dModel, hiddenDim, activation, bias, dropout, random: random.split("feedForward") }),
    feedForwardNorm: norm(),
    residual: normFirst ? preNorm : postNorm,
    dropout,
  };
}
