import { attentionsOf } from "@tfblocks/analysis/models";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { type AttentionKind, attentionKinds, type AttentionStack, type ModelInfo } from "./model-info.js";

/** What only the source of a model knows. */
type Description = Pick<ModelInfo, "id" | "title" | "summary" | "family" | "examples" | "firstHead" | "trainedLength" | "config">;

/** The properties of a model that the page uses. */
export function describeModel(model: LanguageModel | EncoderDecoder, description: Description): ModelInfo {
  return {
    ...description,
    ...measureModel(model),
    ...headSizes(model),
    dModel: model.input.tokenEmbedding.dModel,
    vocabSize: model.vocabSize,
    maxLength: Number.isFinite(model.input.maxLength) ? model.input.maxLength : null,
    parameters: Object.values(model.parameters()).reduce((sum, { size }) => sum + size, 0),
  };
}

/** Of the first attention; all layers have the same. */
function headSizes(model: LanguageModel | EncoderDecoder): Pick<ModelInfo, "headDim" | "kvHeads"> {
  const { query, numHeads, numKvHeads } = attentionsOf(model)[0]!.attention;
  return { headDim: query.outFeatures! / numHeads, kvHeads: numKvHeads };
}

/** The form of a model. */
export function measureModel(model: LanguageModel | EncoderDecoder): Pick<ModelInfo, "shape" | "predicts" | "stacks"> {
  const stacks = stacksOf(model);
  if (model instanceof EncoderDecoder) return { shape: "encoder-decoder", predicts: "the next token", stacks };
  const shape = model.isCausal ? "decoder" : "encoder";
  if (model.head === undefined) return { shape, predicts: "nothing", stacks };
  return { shape, predicts: model.isCausal ? "the next token" : "masked tokens", stacks };
}

function stacksOf(model: LanguageModel | EncoderDecoder): AttentionStack[] {
  const attentions = attentionsOf(model);
  return attentionKinds
    .map((kind) => {
      const own = attentions.filter(({ name }) => kindOf(name) === kind);
      return { kind, heads: own[0]?.attention.numHeads ?? 0, parts: own.map(({ name }) => name) };
    })
    .filter(({ parts }) => parts.length > 0);
}

/** Of the dotted name of an attention, for example `decoder.layers.0.crossAttention`. */
function kindOf(name: string): AttentionKind {
  if (name.endsWith("crossAttention")) return "cross";
  return name.startsWith("encoder.") ? "encoder" : name.startsWith("decoder.") ? "decoder" : "self";
}
