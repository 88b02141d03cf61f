import type { Layout } from "@tfblocks/weights/layouts";
import { bertLikeRules, maskedTokenHeadRules, taskHeads } from "../shared/bert-like-layout.js";

/** Hugging Face's `RobertaForMaskedLM`, `XLMRobertaForMaskedLM` and, without the prefix, their bare models. Heads of tasks are ignored. */
export const layout: Omit<Layout, "name"> = {
  prefix: "roberta.",
  body: bertLikeRules("numPositions"),
  head: maskedTokenHeadRules({
    transform: "lm_head.dense",
    norm: "lm_head.layer_norm",
    weight: "lm_head.decoder.weight",
    bias: "lm_head.bias",
  }),
  headBias: { tied: "lm_head.bias", untied: "lm_head.decoder.bias" },
  tied: { head: "lm_head.decoder.weight", embedding: "embeddings.word_embeddings.weight" },
  ignored: ["embeddings.position_ids", "lm_head.decoder.bias", ...taskHeads],
  renamed: { "lm_head.decoder.bias": "lm_head.bias" }, // one vector, which files hold under either name or both
};
