import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { modelFixture, type ModelFixtureName } from "@tfblocks/fixtures/models";
import { use } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import { openSafetensors } from "@tfblocks/weights";

/** A language model with the weights of a fixture, and its unpadded batch; both are disposed after the test. */
export async function loadedModel(name: ModelFixtureName): Promise<{ readonly model: LanguageModel; readonly ids: Tensor }> {
  const fixture = await modelFixture(name);
  const weights = await openSafetensors(fixture.weights);
  const { model } = use(await loadModel({ config: fixture.config, weights }));
  await weights.close();
  return { model: model as LanguageModel, ids: use(tensor2d(fixture.case.inputs.unpadded.input_ids, undefined, "int32")) };
}

/** Compares numbers and nulls, element by element. */
export function differences(received: readonly (number | null)[], expected: readonly (number | null)[]): number {
  if (received.length !== expected.length) return Infinity;
  return received.reduce<number>((worst, value, at) => {
    const other = expected[at]!;
    if (value === null || other === null) return value === other ? worst : Infinity;
    return Math.max(worst, Number.isNaN(value) ? Infinity : Math.abs(value - other));
  }, 0);
}
