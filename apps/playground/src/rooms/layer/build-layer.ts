import { tensor2d } from "@tensorflow/tfjs-core";
import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { type FeedForward, type GatedFeedForward, feedForward, gatedFeedForward } from "@tfblocks/feed-forward";
import { causal, type Mask } from "@tfblocks/masks";
import { LayerNorm, RMSNorm } from "@tfblocks/norm";
import { RotaryEmbedding } from "@tfblocks/positional";
import { Random } from "@tfblocks/tensor-utils";
import { postNorm, preNorm, TokenEmbedding, TransformerLayer } from "@tfblocks/transformer";
import { expansion, type LayerSettings } from "./settings.js";

/** A layer with its parts and the embedding before it. */
export interface BuiltLayer {
  readonly embedding: TokenEmbedding;
  readonly attention: MultiHeadAttention;
  readonly rotary: RotaryEmbedding | undefined;
  readonly attentionNorm: LayerNorm | RMSNorm;
  readonly feedForward: FeedForward | GatedFeedForward;
  readonly feedForwardNorm: LayerNorm | RMSNorm;
  readonly mask: Mask | undefined;
  readonly layer: TransformerLayer;
  /** Frees the layer and the embedding. */
  dispose(): void;
}

/** Builds a layer with random weights and an embedding of the words. */
export function buildLayer(settings: LayerSettings, words: readonly string[]): BuiltLayer {
  const { width, heads, residual } = settings;
  const random = new Random(settings.seed);
  const rotary = settings.positions === "rotary" ? new RotaryEmbedding({ headDim: width / heads }) : undefined;
  const parts = {
    attention: multiHeadAttention({ dModel: width, numHeads: heads, random: random.split("attention"), ...(rotary && { rotary }) }),
    attentionNorm: norm(settings),
    feedForward: network(settings, random.split("feedForward")),
    feedForwardNorm: norm(settings),
    mask: settings.causal ? causal() : undefined,
  };
  const layer = new TransformerLayer({ ...parts, residual: residual === "pre" ? preNorm : postNorm });
  const embedding = wordEmbedding(words, width, random.split("embedding"));
  const dispose = (): void => {
    layer.dispose();
    embedding.dispose();
  };
  return { ...parts, embedding, rotary, layer, dispose };
}

function norm({ norm: name, width }: LayerSettings): LayerNorm | RMSNorm {
  return name === "LayerNorm" ? new LayerNorm({ features: width }) : new RMSNorm({ features: width });
}

function network({ feedForward: form, activation, width }: LayerSettings, random: Random): FeedForward | GatedFeedForward {
  const sizes = { dModel: width, hiddenDim: expansion * width, activation, random };
  return form === "gated" ? gatedFeedForward(sizes) : feedForward(sizes);
}

/** An embedding in which the vector of a word does not depend on the other words of the text. */
function wordEmbedding(words: readonly string[], dModel: number, random: Random): TokenEmbedding {
  const init = (): ReturnType<typeof tensor2d> => {
    const rows = words.map((word) => {
      const source = random.split(word);
      return Array.from({ length: dModel }, () => source.normal());
    });
    return tensor2d(rows, [words.length, dModel], "float32");
  };
  return new TokenEmbedding({ vocabSize: words.length, dModel, init });
}
