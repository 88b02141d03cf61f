import { memory, zeros } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import { vocabSize } from "@tfblocks/testkit/random-models";
import { EncoderDecoder } from "@tfblocks/transformer";
import { bert } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { logitLens, readPredictions } from "../models.js";
import { type RandomCase, randomCase, randomFamilies } from "../testing/random-models.js";

beforeAll(() => useBackend("cpu"));

function hiddenOf({ model, ids, options: { source, mask } }: RandomCase) {
  if (!(model instanceof EncoderDecoder)) return use(model.hidden(ids, { mask })).output;
  const memoryOf = use(model.encode(source!)).output;
  return use(model.decoder.apply(use(model.targetInput.apply(ids)), { memory: memoryOf, mask })).output;
}

describe.each(randomFamilies)("readPredictions of a random %s", (family) => {
  it("is the last layer of the lens, and at other temperatures the softmax of scaled logits", async () => {
    for (const seed of [1, 2]) {
      const sample = randomCase(family, seed);
      const { model, ids, batch, length, random } = sample;
      const hidden = hiddenOf(sample);
      const lens = await logitLens(model, ids, { ...sample.options, mask: sample.options.mask });
      const before = memory().numTensors;
      const plain = await readPredictions(model, hidden);
      expect(memory().numTensors).toBe(before);
      lens.layers.at(-1)!.forEach((row, at) =>
        row.forEach((reading, position) => {
          if (reading !== null) expect(plain[at]![position]).toMatchObject({ entropy: reading.entropy, top: reading.top, target: null });
        }),
      );
      const targets = Array.from({ length: batch }, () => Array.from({ length }, () => random.integer(vocabSize)));
      const warm = await readPredictions(model, hidden, { temperature: 0.4, topK: vocabSize, targets });
      const logits = await sample.logitsOf(model, ids);
      for (const [index, { top, target, entropy }] of warm.flat().entries()) {
        const powers = [...logits.subarray(index * vocabSize, (index + 1) * vocabSize)].map((logit) => Math.exp(logit / 0.4));
        const probabilities = powers.map((power) => power / powers.reduce((sum, each) => sum + each, 0));
        const wanted = targets.flat()[index]!;
        top.forEach(({ token, probability }) => expect(probability).toBeCloseTo(probabilities[token]!, 5));
        expect(Math.exp(target!.logProb)).toBeCloseTo(probabilities[wanted]!, 5);
        expect(entropy).toBeCloseTo(
          probabilities.reduce((sum, p) => sum - p * Math.log(p), 0),
          4,
        );
        expect(top.findIndex(({ token }) => token === wanted)).toBe(target!.rank - 1);
      }
    }
  });
});

describe("readPredictions", () => {
  it("refuses a model without a head, other shapes and wrong options", async () => {
    const { model, ids } = randomCase("gpt2", 1);
    const hidden = use(zeros([1, 2, 12]));
    const headless = use(bert({ vocabSize, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 1, maskedLanguageHead: false }));
    await expect(readPredictions(headless, hidden)).rejects.toThrow("readPredictions: model must be a model with a head");
    await expect(readPredictions(model, ids)).rejects.toThrow("readPredictions: hidden must be");
    await expect(readPredictions(model, hidden, { temperature: 0 })).rejects.toThrow("readPredictions: temperature must be");
    await expect(readPredictions(model, hidden, { topK: 14 })).rejects.toThrow("readPredictions: topK must be");
    await expect(readPredictions(model, hidden, { targets: [[1]] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: readPredictions: targets must be one for each position, [1][2], got lists of length [1]]`,
    );
    await expect(readPredictions(model, hidden, { targets: [[1, 13]] })).rejects.toThrow("readPredictions: targets must be");
    await expect(readPredictions(model, hidden, { warmth: 1 } as never)).rejects.toThrow('unknown option "warmth"');
  });
});
