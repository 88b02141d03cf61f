import type { Layout } from "@tfblocks/weights/layouts";
import { bertLikeRules, maskedTokenHeadRules, taskHeads } from "../shared/bert-like-layout.js";

/**
 * Hugging Face's `BertForMaskedLM`, `BertForPreTraining` and, without the prefix, `BertModel`. The next-sentence head and
 * heads of tasks are ignored.
 */
export const layout: Omit<Layout, "name"> = {
  prefix: "bert.",
  body: bertLikeRules("maxLength"),
  head: maskedTokenHeadRules({
    transform: "cls.predictions.transform.dense",
    norm: "cls.predictions.transform.LayerNorm",
    weight: "cls.predictions.decoder.weight",
    bias: "cls.predictions.bias",
  }),
  headBias: { tied: "cls.predictions.bias", untied: "cls.predictions.decoder.bias" },
  tied: { head: "cls.predictions.decoder.weight", embedding: "embeddings.word_embeddings.weight" },
  ignored: [
    "embeddings.position_ids",
    "cls.predictions.decoder.bias",
    "cls.seq_relationship.weight",
    "cls.seq_relationship.bias",
    ...taskHeads,
  ],
  renamed: { ".gamma": ".weight", ".beta": ".bias" },
};
