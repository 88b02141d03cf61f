import { tensor2d } from "@tensorflow/tfjs-core";
import { type BeamCase, beamFixtures } from "@tfblocks/fixtures/generation";
import { padding } from "@tfblocks/masks";
import { Random } from "@tfblocks/tensor-utils";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import { beamSearch, beamSearchOptions, type BeamSequence, decoderOf, generate } from "../../generate.js";
import { gpt2, phi3 } from "../../models.js";
import { logSoftmax } from "../processors/softmax.js";
import { type GoldenModel, goldenModel } from "../../testing/golden-model.js";

const backends = [...(typeof window === "undefined" ? (["cpu"] as const) : []), fusedBackendNames.at(-1)!];
const names = [...new Set(beamFixtures.map(({ model }) => model))];

const small = () => use(gpt2({ vocabSize: 17, maxLength: 12, dModel: 8, numLayers: 1, numHeads: 2, random: new Random(4) }));

describe.each(backends)("beamSearch on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(names)("gives the sequences and scores of transformers for %s", async (name) => {
    const golden = use(await goldenModel(name));
    const cases = beamFixtures.filter(({ model }) => model === name);
    expect(cases.length).toBeGreaterThanOrEqual(19);
    for (const each of cases) {
      const found = (await searched(golden, each)).flat();
      const title = JSON.stringify([each.side, each.config]);
      expect([title, ...found.map(({ tokens }) => tokens)]).toEqual([title, ...newTokens(golden, each)]);
      found.forEach(({ score }, index) =>
        expect([title, Math.abs(score - each.scores[index]!) < 1e-4 * (1 + Math.abs(score))]).toEqual([title, true]),
      );
    }
  });
});

describe("beamSearch of Phi-3", () => {
  beforeAll(() => useBackend("cpu"));

  it("scores tokens beyond the trained length as whole texts do", async () => {
    const scaling = { type: "longrope", shortFactor: [1, 2, 3, 4], longFactor: [8, 4, 3, 2], originalMaxLength: 6, factor: 4 } as const;
    const sizes = { vocabSize: 40, dModel: 16, numLayers: 2, numHeads: 2, hiddenDim: 24, scaling, random: new Random(4) };
    const model = use(phi3(sizes));
    const prompt = [5, 6, 7];
    const [found] = await beamSearch(model, prompt, { numBeams: 3, numReturnSequences: 3, maxNewTokens: 6, lengthPenalty: 0 });
    for (const { tokens, score } of found!) {
      const logProbs = tokens.map((token, index) => {
        const text = use(tensor2d([[...prompt, ...tokens.slice(0, index)]], undefined, "int32"));
        return logSoftmax(use(model.apply(text, { lastOnly: true })).logits.dataSync() as Float32Array)[token]!;
      });
      expect(score).toBeCloseTo(
        logProbs.reduce((sum, each) => sum + each, 0),
        4,
      );
    }
  });
});

async function searched({ loaded: { model }, fixture }: GoldenModel, { side, config }: BeamCase): Promise<BeamSequence[][]> {
  const { input_ids: ids, attention_mask: kept } = fixture.case.inputs[side];
  const options = beamSearchOptions(config);
  if (!(model instanceof EncoderDecoder)) {
    const prompts = ids.map((row, index) => row.filter((_, at) => kept[index]![at] === 1));
    return beamSearch(model, prompts, options);
  }
  const source = use(tensor2d(ids, undefined, "int32"));
  const decoder = use(decoderOf(model, source, { sourceMask: padding({ keep: kept.map((row) => row.map(Boolean)) }) }));
  const prompts = ids.map(() => [0]);
  return beamSearch(decoder, prompts, options);
}

/** What follows the prompt in each sequence, up to its stop token. */
function newTokens({ loaded: { model }, fixture }: GoldenModel, { side, config, sequences }: BeamCase): number[][] {
  const promptLength = model instanceof EncoderDecoder ? 1 : fixture.case.inputs[side].input_ids[0]!.length;
  const stops = [config.eos_token_id].flat();
  return sequences.map((row) => {
    const tokens = row.slice(promptLength);
    const end = tokens.findIndex((token) => stops.includes(token));
    // transformers crops sequences to the longest one and pads the others.
    return end < 0 ? tokens : tokens.slice(0, end + 1);
  });
}

describe("what beamSearch finds", () => {
  beforeAll(() => useBackend("cpu"));

  it("gives the greedy tokens with one beam", async () => {
    const model = small();
    const greedy: number[] = [];
    for await (const { tokens } of generate(model, [3], { maxNewTokens: 6 })) greedy.push(tokens[0]!);
    const [[best]] = (await beamSearch(model, [3], { numBeams: 1, maxNewTokens: 6 })) as [[BeamSequence]];
    expect([best.tokens, best.finished]).toEqual([greedy, "length"]);
  });

  it("finds each prompt of a batch what it finds alone, where one fills the context", async () => {
    const model = small();
    const [short, long] = [[3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]];
    const together = await beamSearch(model, [short, long], { numBeams: 3, numReturnSequences: 2, maxNewTokens: 8 });
    const tokens = (sequences: readonly BeamSequence[] | undefined) => sequences!.map(({ tokens: each, finished }) => [each, finished]);
    for (const [index, prompt] of [short, long].entries()) {
      const [alone] = await beamSearch(model, prompt, { numBeams: 3, numReturnSequences: 2, maxNewTokens: 8 });
      expect(tokens(together[index])).toEqual(tokens(alone));
    }
    expect(together.map(([best]) => [best!.tokens.length, best!.finished])).toEqual([
      [8, "length"],
      [3, "context"],
    ]);
  });

  it("keeps beams when processors leave fewer tokens than beams", async () => {
    const only = (logits: Float32Array) => logits.map((value, id) => (id === 5 ? value : -Infinity));
    const [[best]] = (await beamSearch(small(), [1], { numBeams: 4, maxNewTokens: 3, processors: [only] })) as [[BeamSequence]];
    expect(best.tokens).toEqual([5, 5, 5]);
  });
});

describe("what ends beamSearch", () => {
  beforeAll(() => useBackend("cpu"));

  it("ends at rules and strings, and tells so", async () => {
    const model = small();
    const [[best]] = (await beamSearch(model, [3], { stopWhen: ({ ids }) => ids.length === 4, maxNewTokens: 6 })) as [[BeamSequence]];
    expect([best.tokens.length, best.finished]).toEqual([3, "stopWhen"]);
  });

  it("refuses options out of range, and frees everything when it is aborted or fails", async () => {
    const model = small();
    await expect(beamSearch(model, [1], { numBeams: 0 })).rejects.toThrow("beamSearch: numBeams must be an integer >= 1, got 0");
    await expect(beamSearch(model, [1], { numReturnSequences: 5 })).rejects.toThrow(
      "beamSearch: numReturnSequences must be an integer from 1 to 4, got 5",
    );
    await expect(beamSearch(model, [1], { earlyStopping: "always" as never })).rejects.toThrow(
      'beamSearch: earlyStopping must be true, false or "never", got "always"',
    );
    await expect(beamSearch(model, [1], { temperature: 1 } as never)).rejects.toThrow('beamSearch: unknown option "temperature"');
    await expect(beamSearch(model, [1], { processors: [(logits) => void logits.fill(-Infinity)] })).rejects.toThrow(
      "beamSearch: the best score must be finite, got -Infinity",
    );
    await expect(beamSearch(model, [1], { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});
