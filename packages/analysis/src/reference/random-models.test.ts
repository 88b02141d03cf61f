import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import { vocabSize } from "@tfblocks/testkit/random-models";
import { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import { contentDependence, entropy, mergeScores } from "../index.js";
import * as analysis from "../models.js";
import { causalFamilies, languageFamilies, type RandomCase, randomCase, randomFamilies } from "../testing/random-models.js";

const { ablate, attentionsOf, headsIn, headsOf, inputOf, patch, record, scale, withEdits } = analysis;

beforeAll(() => useBackend("cpu"));

/** Compares logits at the positions that are not padding. */
function worst({ batch, length, isToken }: RandomCase, a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (let at = 0; at < batch * length * vocabSize; at++) {
    const row = Math.floor(at / vocabSize);
    if (isToken(Math.floor(row / length), row % length)) largest = Math.max(largest, Math.abs(a[at]! - b[at]!));
  }
  return largest;
}

function logProbs(logits: Float32Array, row: number): number[] {
  const own = [...logits.subarray(row * vocabSize, (row + 1) * vocabSize)];
  const largest = Math.max(...own);
  const total = own.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return own.map((logit) => logit - largest - Math.log(total));
}

function edited(model: analysis.StreamModel, edits: readonly analysis.Edit[]): analysis.StreamModel {
  return model instanceof EncoderDecoder ? withEdits(model, edits) : withEdits(model, edits);
}

const seeds = [1, 2, 3, 4];

describe.each(randomFamilies)("a random %s", (family) => {
  it("has the logits that lens, attribution and losses tell", async () => {
    for (const seed of seeds) await checkReadings(randomCase(family, seed));
  });

  it("loses a head by an edit as by zeros in its weights", async () => {
    for (const seed of seeds) await checkAblation(randomCase(family, seed));
  });
});

describe.each(languageFamilies)("a random %s without an encoder", (family) => {
  it("has the weights that it returns, and summaries of them in float64", async () => {
    for (const seed of seeds) await checkMaps(languageCase(family, seed));
  });

  it("computes the first text again when all heads and the stream are patched into the second", async () => {
    for (const seed of seeds) await checkPatch(languageCase(family, seed));
  });
});

it.each(causalFamilies)("gradients of gates of a random %s are finite differences", async (family) => {
  for (const seed of seeds) await checkGradients(languageCase(family, seed));
});

type LanguageCase = RandomCase & { readonly model: LanguageModel };

function languageCase(...args: Parameters<typeof randomCase>): LanguageCase {
  const sample = randomCase(...args);
  expect(sample.model).toBeInstanceOf(LanguageModel);
  return sample as LanguageCase;
}

async function checkMaps({ model, ids, options }: LanguageCase): Promise<void> {
  const { weights = [], output } = use(model.hidden(ids, { mask: options.mask, needWeights: true }));
  const watched = use(analysis.watchAttention(model, (each) => each.hidden(ids, { mask: options.mask }).output));
  expect(await use(watched.result).data()).toEqual(await output.data());
  for (const [layer, part] of watched.parts.entries()) {
    const [maps, summary, expected] = [await watched.maps(part), await watched.summary(part), await weights[layer]!.data<"float32">()];
    expect(Array.from(maps.weights)).toEqual([...expected]);
    const { heads, queryLength, keyLength } = maps;
    for (const { head, values } of entropy(maps, { minKeys: 1 }).perHead) {
      for (const [at, value] of values.entries()) {
        const row = (Math.floor(at / queryLength) * heads + head) * queryLength + (at % queryLength);
        const own = expected.subarray(row * keyLength, (row + 1) * keyLength);
        const nats = own.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log(weight) : sum), 0);
        expect(Math.abs((value ?? 0) - nats)).toBeLessThan(1e-6);
        expect(Math.abs(summary.entropy[row]! - nats)).toBeLessThan(1e-6);
      }
    }
    const [top, bottom] = [await watched.rows(part, 0, 1), await watched.rows(part, 1, queryLength)];
    expect(mergeScores([contentDependence(top), contentDependence(bottom)])).toEqual(contentDependence(maps));
  }
}

async function checkReadings(sample: RandomCase): Promise<void> {
  const { model, ids, length, options, isToken, random } = sample;
  const [logits, tokens] = [await sample.logitsOf(model, ids), await ids.data()];
  const { layers } = await analysis.logitLens(model, ids, { ...options, topK: vocabSize });
  for (const [row, readings] of layers.at(-1)!.entries()) {
    for (const [position, reading] of readings.entries()) {
      expect(reading === null).toBe(!isToken(row, position));
      const expected = logProbs(logits, row * length + position);
      for (const { token, probability } of reading?.top ?? []) expect(probability).toBeCloseTo(Math.exp(expected[token]!), 12);
    }
  }
  const [token, minus] = [random.integer(vocabSize), random.integer(vocabSize)];
  for (const { logit, sum, components } of await analysis.attributeLogits(model, ids, { ...options, token, minus, at: 0 })) {
    const size = components.reduce((total, { value }) => total + Math.abs(value), 1);
    expect(Math.abs(sum - logit)).toBeLessThan(1e-6 * size);
  }
  if (!(model instanceof EncoderDecoder) && !model.isCausal) return;
  const { losses } = await analysis.tokenLosses(model, ids, options);
  for (const [row, each] of losses.entries()) {
    for (const [position, loss] of each.entries()) {
      const expected = -logProbs(logits, row * length + position)[tokens[row * length + position + 1]!]!;
      if (isToken(row, position + 1)) expect(loss).toBeCloseTo(expected, 6); // a loss is float32
      else expect(loss).toBeNull();
    }
  }
}

async function checkAblation(sample: RandomCase): Promise<void> {
  const { model, ids, random } = sample;
  const heads = headsIn(model);
  const { attention, head } = heads[random.integer(heads.length)]!;
  const without = await sample.logitsOf(edited(model, [ablate(headsOf(attention, head))]), ids);
  const weight = model.parameters()[`${attention}.output.weight`]! as unknown as Tensor & { assign: (value: Tensor) => void };
  const [rows, columns] = weight.shape as [number, number];
  const width = columns / attentionsOf(model).find(({ name }) => name === attention)!.attention.numHeads;
  const zeroed = (await weight.data()).map((value, at) => (Math.floor((at % columns) / width) === head ? 0 : value));
  weight.assign(use(tensor2d(zeroed as Float32Array, [rows, columns])));
  expect(worst(sample, without, await sample.logitsOf(model, ids))).toBeLessThan(1e-6);
}

async function checkPatch(sample: LanguageCase): Promise<void> {
  const { model, ids, others, options } = sample;
  const sites = { heads: headsOf("layers.*.attention"), stream: inputOf("layers.0") };
  const { values } = use(record(model, sites, (each) => void each.hidden(ids, { mask: options.mask })));
  const restored = withEdits(model, [patch(sites.heads, values.heads), patch(sites.stream, values.stream)]);
  const [clean, corrupt, patched] = [
    await sample.logitsOf(model, ids),
    await sample.logitsOf(model, others),
    await sample.logitsOf(restored, others),
  ];
  expect(worst(sample, clean, patched)).toBe(0);
  expect(worst(sample, clean, corrupt)).toBeGreaterThan(0);
}

async function checkGradients({ model, ids, random }: LanguageCase): Promise<void> {
  const { perHead } = await analysis.headImportance(model, ids);
  const { attention, head, gradients } = perHead[random.integer(perHead.length)]!;
  const step = 0.01;
  const lossesAt = async (gate: number): Promise<number[]> => {
    const { losses } = await analysis.tokenLosses(withEdits(model, [scale(headsOf(attention, head), gate)]), ids);
    return losses.map((row) => row.reduce<number>((sum, loss) => sum + loss!, 0) / row.length);
  };
  const [above, below] = [await lossesAt(1 + step), await lossesAt(1 - step)];
  for (const [row, gradient] of gradients.entries()) {
    expect(Math.abs((above[row]! - below[row]!) / (2 * step) - gradient)).toBeLessThan(3e-4);
  }
}
