import { concat, dispose, slice, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { generatingFixtureNames, type ModelFixtureName } from "@tfblocks/fixtures/models";
import { padding } from "@tfblocks/masks";
import { type BackendName, expectClose, fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { decoderOf, generate } from "../generate.js";
import { EncoderDecoder, type LanguageModel } from "../index.js";
import { type GoldenModel, goldenModel } from "../testing/golden-model.js";

const cachedEqualsFull = { atol: 1e-5, rtol: 1e-5 };
/** In a browser only the other variant of the kernels is new; tfjs's slow "cpu" runs in the full matrix only. */
const plainBackends: readonly BackendName[] = import.meta.env["TFBLOCKS_FULL"] === "1" ? ["cpu", "wasm"] : ["wasm"];
const backends: readonly BackendName[] = [...(typeof window === "undefined" ? plainBackends : []), fusedBackendNames.at(-1)!];

describe.each(backends)("generation on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(generatingFixtureNames)("%s", (name) => {
    it.each(["unpadded", "leftPadded"] as const)("continues the %s batch with the tokens of transformers", async (side) => {
      await withModel(name, async (golden) => {
        expect(await continued(golden, side)).toEqual(golden.fixture.case.greedy!.sequences[side]);
      });
    });

    // LongRoPE depends on the longest row of a batch, as in transformers.
    it.skipIf(name.startsWith("phi3"))("gives each row of a batch the tokens that it gets alone", async () => {
      await withModel(name, async (golden) => {
        if (golden.loaded.model instanceof EncoderDecoder) return;
        const { sequences } = golden.fixture.case.greedy!;
        for (const [row, tokens] of promptsOf(golden, "leftPadded").entries()) {
          const alone = await rowsOf(golden.loaded.model, [tokens], golden);
          const together = sequences.leftPadded[row]!.slice(-golden.fixture.case.greedy!.maxNewTokens);
          expect(alone[0]).toEqual(together.slice(0, alone[0]!.length));
        }
      });
    });

    // Dynamic scaling and LongRoPE depend on the longest position so far, and cached keys keep the angles of earlier ones.
    it.skipIf(name === "llama-dynamic" || name === "phi3-long")(
      "gives the logits of the full pass token by token from a cache",
      async () => {
        await withModel(name, async ({ loaded: { model }, fixture }) => {
          const { input_ids: ids, decoder_input_ids: target } = fixture.case.inputs.unpadded;
          await (model instanceof EncoderDecoder ? checkDecoder(model, ids, target!) : checkLanguageModel(model, ids));
        });
      },
    );
  });
});

async function withModel(name: ModelFixtureName, body: (golden: GoldenModel) => Promise<void>): Promise<void> {
  const golden = use(await goldenModel(name));
  await body(golden);
}

/** Prompts without their padding. */
function promptsOf({ fixture }: GoldenModel, side: "unpadded" | "leftPadded"): number[][] {
  const { input_ids: ids, attention_mask: kept } = fixture.case.inputs[side];
  return ids.map((row, index) => row.filter((_, at) => kept[index]![at] === 1));
}

/** Prompt and new tokens, padded as transformers pads them. */
async function continued(golden: GoldenModel, side: "unpadded" | "leftPadded"): Promise<number[][]> {
  const { model } = golden.loaded;
  const { input_ids: ids, attention_mask: kept } = golden.fixture.case.inputs[side];
  if (!(model instanceof EncoderDecoder)) {
    const rows = await rowsOf(model, promptsOf(golden, side), golden);
    return ids.map((row, index) => [...row, ...rows[index]!]);
  }
  const source = tensor2d(ids, undefined, "int32");
  const decoder = decoderOf(model, source, { sourceMask: padding({ keep: kept.map((row) => row.map(Boolean)) }) });
  const rows = await rowsOf(
    decoder,
    ids.map(() => [0]),
    golden,
  );
  decoder.dispose();
  source.dispose();
  return rows.map((row) => [0, ...row]);
}

async function rowsOf(model: Parameters<typeof generate>[0], prompts: number[][], { fixture }: GoldenModel): Promise<number[][]> {
  const { eosTokenId, padTokenId, maxNewTokens } = fixture.case.greedy!;
  const rows: number[][] = prompts.map(() => []);
  for await (const { tokens } of generate(model, prompts, { maxNewTokens, stopTokens: [eosTokenId], padId: padTokenId })) {
    for (const [index, row] of rows.entries()) row.push(tokens[index] ?? padTokenId);
  }
  return rows;
}

async function checkLanguageModel(model: LanguageModel, rows: readonly number[][]): Promise<void> {
  const ids = use(tensor2d([...rows], undefined, "int32"));
  const full = model.apply(ids).logits;
  const cache = model.createCache();
  const parts = steps(rows[0]!.length).map(([start, size]) =>
    applyTo(slice(ids, [0, start], [-1, size]), (part) => model.apply(part, { cache }).logits),
  );
  cache.dispose();
  await expectJoined(parts, full);
}

async function checkDecoder(model: EncoderDecoder, source: readonly number[][], target: readonly number[][]): Promise<void> {
  const [from, to] = [use(tensor2d([...source], undefined, "int32")), use(tensor2d([...target], undefined, "int32"))];
  const memory = use(model.encode(from).output);
  const full = model.decode(to, memory).logits;
  const cache = model.createCache();
  const parts = steps(target[0]!.length).map(([start, size]) =>
    applyTo(slice(to, [0, start], [-1, size]), (part) => model.decode(part, memory, { cache }).logits),
  );
  cache.dispose();
  await expectJoined(parts, full);
}

/** Several tokens at once, then one at a time. */
function steps(length: number): [start: number, size: number][] {
  return [[0, 4], ...Array.from({ length: length - 4 }, (_, index): [number, number] => [4 + index, 1])];
}

function applyTo(part: Tensor, body: (part: Tensor) => Tensor): Tensor {
  const result = body(part);
  part.dispose();
  return result;
}

async function expectJoined(parts: readonly Tensor[], full: Tensor): Promise<void> {
  const joined = concat([...parts], 1);
  await expectClose(joined, full, cachedEqualsFull);
  dispose([...parts, joined, full]);
}
