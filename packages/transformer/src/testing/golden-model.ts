import { tensor2d, type Tensor } from "@tensorflow/tfjs-core";
import { modelFixture, type ModelFixture, type ModelFixtureName, type ModelFixtureSide, type ModelInputs } from "@tfblocks/fixtures/models";
import { type Mask, padding } from "@tfblocks/masks";
import type { StateDict } from "@tfblocks/tensor-utils";
import { openSafetensors } from "@tfblocks/weights";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { loadModel, type Pretrained } from "@tfblocks/transformer/hugging-face";

/** A loaded model of Hugging Face, with the results of transformers. */
export interface GoldenModel {
  readonly fixture: ModelFixture;
  readonly loaded: Pretrained;
}

/** @param layout of the config file: that of transformers 5 or 4 */
export async function goldenModel(name: ModelFixtureName, layout: 4 | 5 = 5): Promise<GoldenModel> {
  const fixture = await modelFixture(name);
  const weights = await openSafetensors(fixture.weights);
  const loaded = await loadModel({ config: layout === 4 ? fixture.config4 : fixture.config, weights });
  await weights.close();
  return { fixture, loaded };
}

export async function expectedOf(fixture: ModelFixture): Promise<StateDict> {
  const reader = await openSafetensors(fixture.expected);
  const all = await reader.readAll();
  await reader.close();
  return all;
}

/** A batch in the form that our models take; the caller disposes its tensors. */
export interface GoldenBatch {
  readonly ids: Tensor;
  readonly mask: Mask;
  readonly positions: Tensor | undefined;
  readonly segments: Tensor | undefined;
  readonly target: Tensor | undefined;
}

export function batchOf(inputs: ModelInputs): GoldenBatch {
  const integers = (rows: number[][] | undefined) => rows && tensor2d(rows, undefined, "int32");
  return {
    ids: integers(inputs.input_ids)!,
    mask: padding({ keep: inputs.attention_mask.map((row) => row.map(Boolean)) }),
    positions: integers(inputs.position_ids),
    segments: integers(inputs.token_type_ids),
    target: integers(inputs.decoder_input_ids),
  };
}

/** Everything that a model computes for a batch, under the fixture's names. */
export function outputsOf({ loaded: { model } }: GoldenModel, side: ModelFixtureSide, batch: GoldenBatch): StateDict {
  const named = Object.entries(model instanceof EncoderDecoder ? encoderDecoderOutputs(model, batch) : languageModelOutputs(model, batch));
  return Object.fromEntries(named.map(([name, value]) => [`${side}.${name}`, value]));
}

function languageModelOutputs(model: LanguageModel, { ids, mask, positions, segments }: GoldenBatch): StateDict {
  const options = { mask, positions, segments, needHiddenStates: true, needWeights: true };
  if (model.head !== undefined) {
    const { logits, hiddenStates, weights } = model.apply(ids, options);
    return { logits, ...listed("hidden", hiddenStates!), ...listed("attention", weights!) };
  }
  const { output, hiddenStates, weights } = model.hidden(ids, options);
  const pooled = model.pooler && { pooled: model.pooled(output) };
  output.dispose();
  return { ...pooled, ...listed("hidden", hiddenStates!), ...listed("attention", weights!) };
}

function encoderDecoderOutputs(model: EncoderDecoder, { ids, mask, target }: GoldenBatch): StateDict {
  const { logits, hiddenStates, weights, crossWeights, encoder } = model.apply(ids, target!, {
    sourceMask: mask,
    needHiddenStates: true,
    needWeights: true,
  });
  encoder.output.dispose();
  return {
    logits,
    ...listed("decoder.hidden", hiddenStates!),
    ...listed("decoder.attention", weights!),
    ...listed("decoder.crossAttention", crossWeights!),
    ...listed("encoder.hidden", encoder.hiddenStates!),
    ...listed("encoder.attention", encoder.weights!),
  };
}

function listed(name: string, tensors: readonly Tensor[]): StateDict {
  return Object.fromEntries(tensors.map((each, index) => [`${name}.${index}`, each]));
}
