import { multiHeadAttention } from "@tfblocks/attention";
import { type ActivationName, feedForward } from "@tfblocks/feed-forward";
import { LayerNorm } from "@tfblocks/norm";
import { building, type Complete, type Defaults, derived, Random, size, withDefaults } from "@tfblocks/tensor-utils";
import { postNorm, preNorm } from "../blocks/residual.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";

/** Sizes of PyTorch's layers. */
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

const defaults: Defaults<TorchLayerSizes> = {
  dModel: size,
  numHeads: size,
  hiddenDim: 2048,
  activation: "relu",
  normFirst: false,
  bias: true,
  eps: 1e-5,
  dropout: 0,
  random: derived(() => new Random(0)),
};

/**
 * `torch.nn.TransformerEncoderLayer`, batch first.
 *
 * @throws ValueError when a size is unknown, is not a positive integer, or does not divide
 */
export function torchEncoderLayer(sizes: TorchLayerSizes): TransformerLayer {
  return building(() => new TransformerLayer(torchParts(withDefaults("torchEncoderLayer", sizes, defaults))));
}

/**
 * `torch.nn.TransformerDecoderLayer`, batch first. As in PyTorch, its causal mask is an option of the call.
 *
 * @throws ValueError when a size is unknown, is not a positive integer, or does not divide
 */
export function torchDecoderLayer(given: TorchLayerSizes): TransformerLayer {
  return building(() => {
    const sizes = withDefaults("torchDecoderLayer", given, defaults);
    const { dModel, numHeads, bias, eps, dropout, random } = sizes;
    return new TransformerLayer({
      ...torchParts(sizes),
      crossAttention: multiHeadAttention({ dModel, numHeads, bias, dropout, random: random.split("crossAttention") }),
      crossAttentionNorm: new LayerNorm({ features: dModel, eps, bias }),
    });
  });
}

function torchParts(sizes: Complete<TorchLayerSizes>) {
  const { dModel, numHeads, hiddenDim, activation, normFirst, bias, eps, dropout, random } = sizes;
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
