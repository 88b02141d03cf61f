import { configMutations, type ConfigMutation } from "@tfblocks/fixtures/configs";
import { type ModelFixture, modelFixture } from "@tfblocks/fixtures/models";
import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { dispose } from "@tensorflow/tfjs-core";
import { scope, StateDictError, ValueError } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { type FamilyName, familyOf, families } from "../families/registry.js";

const { ids, decoderIds, cases } = await configMutations();

const fixtureFamilies = new Map<string, FamilyName>();
const fixtures = new Map<string, ModelFixture>();
for (const name of new Set(cases.map(({ model }) => model))) {
  const fixture = await modelFixture(name);
  fixtures.set(name, fixture);
  fixtureFamilies.set(name, familyOf((fixture.config as { readonly model_type: string }).model_type));
}

/** The weights of a fixture, or those of its model without a head. */
async function weightsOf({ model, bare }: ConfigMutation): Promise<Uint8Array> {
  const { weights } = fixtures.get(model)!;
  if (bare === undefined) return weights;
  const reader = await openSafetensors(weights);
  const all = await reader.readAll();
  await reader.close();
  const { layout } = families[fixtureFamilies.get(model)!];
  const body = Object.entries(all).filter(([name]) => name.startsWith(layout.prefix));
  const file = writeSafetensors(Object.fromEntries(body.map(([name, each]) => [name.slice(layout.prefix.length), each])));
  dispose(all);
  return file;
}

function configOf({ model, set, remove }: ConfigMutation): object {
  const { config } = fixtures.get(model)!;
  return Object.fromEntries(Object.entries({ ...config, ...set }).filter(([name]) => !remove.includes(name)));
}

function outputOf(model: LanguageModel | EncoderDecoder): Tensor {
  const given = use(tensor2d(ids, undefined, "int32"));
  if (model instanceof EncoderDecoder) {
    const target = use(tensor2d(decoderIds, undefined, "int32"));
    return scope(() => model.apply(given, target).logits);
  }
  return scope(() => (model.head === undefined ? model.hidden(given).output : model.apply(given).logits));
}

/** Results by the sizes of a model: many configs give the same sizes, which decide on everything else. */
const results = new Map<string, Promise<number[][] | Error>>();

/** The first and the last row of what the model computes, or the error that refuses its config. */
async function computed(each: ConfigMutation): Promise<number[][] | Error> {
  const config = configOf(each);
  const file = await weightsOf(each);
  const key = await sizesKey(each, config, file);
  if (key instanceof Error) return key;
  if (!results.has(key)) results.set(key, run(config, file));
  return results.get(key)!;
}

async function sizesKey({ model, bare }: ConfigMutation, config: object, file: Uint8Array): Promise<string | Error> {
  const { names } = await openSafetensors(file);
  try {
    const sizes = families[fixtureFamilies.get(model)!].readConfig(config, new Set(names));
    const expanded = (_: string, value: unknown) =>
      typeof value === "function" ? [0, 1, 2, 3].map((index) => (value as (index: number) => unknown)(index)) : value;
    return `${model} ${bare ?? false} ${JSON.stringify(sizes, expanded)}`;
  } catch (error) {
    return error as Error;
  }
}

async function run(config: object, file: Uint8Array): Promise<number[][] | Error> {
  const weights = await openSafetensors(file);
  try {
    const { model } = await loadModel({ config, weights });
    const output = use(outputOf(model));
    model.dispose();
    const [rows] = (await output.array()) as number[][][];
    return [rows!.at(0)!, rows!.at(-1)!];
  } catch (error) {
    return error as Error;
  } finally {
    await weights.close();
  }
}

/** Read as with a factor of null, which transformers computes from the lengths. */
const accepted = ["rope_parameters yarn without factor"];

/** Whether all fields that are changed are harmless here; transformers checks the types of those too. */
function changesNothing({ model, set, remove }: ConfigMutation): boolean {
  const { read, only } = families[fixtureFamilies.get(model)!].fields;
  return [...Object.keys(set), ...remove].every((name) => !read.includes(name) && !Object.hasOwn(only, name));
}

const largestDifference = (ours: number[][], theirs: ConfigMutation["expected"]): number =>
  Math.max(...ours.flatMap((row, index) => row.map((value, at) => Math.abs(value - theirs![index]![at]!) / Math.max(1, Math.abs(value)))));

/** How the result compares with that of transformers; `refused` where transformers computes something. */
interface Verdict {
  readonly kind: "same" | "refused" | "different";
  readonly text: string;
}

async function judged(each: ConfigMutation): Promise<Verdict> {
  const result = await computed(each);
  const verdict = (kind: Verdict["kind"], text = "") => ({ kind, text: `${each.change}: ${text}` });
  if (result instanceof Error) {
    if (!(result instanceof ValueError || result instanceof StateDictError)) return verdict("different", String(result));
    return each.expected === null ? verdict("same") : verdict("refused", result.message);
  }
  if (each.expected === null) {
    return verdict(changesNothing(each) || accepted.includes(each.change) ? "same" : "different", "transformers refuses it");
  }
  const difference = largestDifference(result, each.expected);
  return verdict(difference < 2e-4 ? "same" : "different", `off by ${difference}`);
}

describe.each([...new Set(cases.map(({ model }) => model))])("%s under changed configs", (name) => {
  beforeAll(() => useBackend("cpu"));

  it("computes what transformers computes, or refuses the config", { timeout: 120_000 }, async () => {
    const verdicts: Verdict[] = [];
    for (const each of cases.filter(({ model }) => model === name)) verdicts.push(await judged(each));
    const told = (kind: Verdict["kind"]) => verdicts.filter((each) => each.kind === kind).map(({ text }) => text);
    expect(told("different")).toEqual([]);
    expect(told("refused")).toMatchSnapshot();
  });
});
