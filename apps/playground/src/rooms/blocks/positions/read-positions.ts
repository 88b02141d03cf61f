import { attentionsOf } from "@tfblocks/analysis/models";
import { LearnedPositions, RelativePositionBias, type ResolvedRotaryConfig, RotaryEmbedding } from "@tfblocks/positional";
import { EncoderDecoder, type InputEmbedding, type TransformerStack } from "@tfblocks/transformer";
import type { OpenModel } from "../../../models/opened-model.js";
import type { LayerPlace } from "../../../workspace/chosen-layer.js";
import type { ModelBlock } from "../model-block.js";
import { bucketNumbers, learnedNumbers, rotaryNumbers } from "./compute-positions.js";
import type { PositionNumbers } from "./picture.js";
import { longest } from "./settings.js";

/** So many positions are shown of an encoding that has no end. */
const shown = 64;

const none =
  "This layer knows nothing of positions: no table, no rotation and no bias. It can tell the order of the tokens only by what other layers add and by which tokens its mask hides.";

/** How a layer of a model learns where its tokens stand. */
export function readPositions(opened: OpenModel, place: LayerPlace): ModelBlock<PositionNumbers> {
  const { stack, input } = stackOf(opened, place);
  const name = opened.info.stacks.find(({ kind }) => kind === place.kind)!.parts[place.layer]!;
  const { rotary } = attentionsOf(opened.model).find((each) => each.name === name)!.attention;
  if (stack.relativeBias instanceof RelativePositionBias) return biasBlock(stack.relativeBias);
  if (rotary instanceof RotaryEmbedding) return rotaryBlock(rotary.config, opened.info.maxLength);
  if (input.positionEmbedding instanceof LearnedPositions) return tableBlock(input.positionEmbedding);
  return { absent: none };
}

function stackOf({ model }: OpenModel, { kind }: LayerPlace): { readonly stack: TransformerStack; readonly input: InputEmbedding } {
  if (!(model instanceof EncoderDecoder)) return { stack: model.stack, input: model.input };
  return kind === "encoder" ? { stack: model.encoder, input: model.input } : { stack: model.decoder, input: model.targetInput };
}

function biasBlock(bias: RelativePositionBias): ModelBlock<PositionNumbers> {
  const { numBuckets, maxDistance, bidirectional } = bias.buckets;
  const later = bidirectional ? "Later keys have buckets of their own" : "Later keys share the bucket of distance 0";
  return {
    about: `This model adds a learned bias to the scores, the same in every layer: ${numBuckets} buckets of distances for each of ${bias.weight.shape[1]} heads. ${later}, and distances from ${maxDistance} on share the last bucket.`,
    picture: { ...bucketNumbers(bias, shown), length: shown },
  };
}

function rotaryBlock(config: ResolvedRotaryConfig, maxLength: number | null): ModelBlock<PositionNumbers> {
  const { headDim, rotaryDim, theta, pairing } = config;
  const length = Math.min(shown, maxLength ?? shown);
  const pair = pairing === "half" ? `i and i + ${rotaryDim / 2}` : "2i and 2i + 1";
  return {
    about: `This layer rotates its queries and keys (RoPE, base ${theta.toLocaleString("en")}): ${rotaryDim} of the ${headDim} dimensions of a head, in pairs ${pair}. ${scalingWords(config)}`,
    picture: { ...rotaryNumbers(config, length), length },
  };
}

function scalingWords({ scaling }: ResolvedRotaryConfig): string {
  if (scaling === undefined) return "The frequencies are not scaled for longer texts.";
  const factor = scaling.factor === undefined ? "" : ` by the factor ${scaling.factor}`;
  return `The frequencies are scaled for longer texts: ${scaling.type}${factor}.`;
}

function tableBlock(table: LearnedPositions): ModelBlock<PositionNumbers> {
  const positions = table.weight.shape[0]! - table.offset;
  const length = Math.min(longest, positions);
  const part = length < positions ? ` Shown are the first ${length}.` : "";
  return {
    about: `This model adds a learned vector for each of ${positions} positions to the vectors of the tokens, before the first layer.${part}`,
    picture: { ...learnedNumbers(table, length), length },
  };
}
