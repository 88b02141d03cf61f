import { readFile } from "node:fs/promises";
import { ablate, headsOf, watchAttention, withEdits } from "@tfblocks/analysis/models";
import { softmax, type Tensor, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { recipes } from "@tfblocks/zoo";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { buildUntrained, loadTrained } from "./load-trained.js";
import type { HeadPlace } from "./model-info.js";
import type { OpenModel } from "./opened-model.js";
import { trainedModels } from "./trained-models.js";

const { signal } = new AbortController();

beforeAll(async () => {
  await useBackend(fusedBackendNames[0]!);
  const folder = new URL("../../public/models/", import.meta.url);
  vi.stubGlobal("fetch", async (url: URL) => new Response(await readFile(new URL(url.pathname.slice(1), folder))));
});

async function trained(name: string): Promise<OpenModel> {
  const opened = await loadTrained(name, "https://localhost/", signal);
  use(opened.model);
  return opened;
}

const placeOf = (kind: HeadPlace["kind"], layer: number, head: number): HeadPlace => ({ kind, layer, head });

/** What a note is about. */
class Shown {
  /** What the encoder or the model reads. */
  readonly ids: readonly number[];
  /** What the decoder of an encoder-decoder reads. */
  readonly #answerIds: readonly number[] | undefined;
  readonly #opened: OpenModel;
  readonly #example: number;

  constructor(opened: OpenModel, example: number) {
    this.#opened = opened;
    this.#example = example;
    const { text, answer } = opened.info.examples[example]!;
    this.ids = opened.tokenizer.encode(text);
    this.#answerIds = answer === undefined ? undefined : [opened.startToken, ...opened.tokenizer.encode(answer)];
  }

  get note(): string {
    return this.#opened.info.examples[this.#example]!.note;
  }

  get place(): HeadPlace {
    return this.#opened.info.examples[this.#example]!.head ?? this.#opened.info.firstHead;
  }

  /** The tokens that the rows look at in cross-attention, or in a model with one stack. */
  get columns(): readonly string[] {
    return this.#opened.tokenizer.texts(this.ids);
  }

  get rows(): readonly string[] {
    return this.#opened.tokenizer.texts(this.#answerIds ?? this.ids);
  }

  /** Where each row looks most: the index of the key, and the weight. */
  async looks(place: HeadPlace = this.place): Promise<{ readonly at: number; readonly weight: number }[]> {
    const watched = use(watchAttention(this.#opened.model, (model) => void this.#run(model)));
    const { weights, queryLength, keyLength } = await watched.maps(this.#partOf(place));
    return Array.from({ length: queryLength }, (_, row) => {
      const start = (place.head * queryLength + row) * keyLength;
      const weightsOfRow = Array.from({ length: keyLength }, (_each, key) => weights[start + key]!);
      const weight = Math.max(...weightsOfRow);
      return { at: weightsOfRow.indexOf(weight), weight };
    });
  }

  /** The likeliest token after each row, and its probability. @param without heads that are switched off */
  top(...without: readonly HeadPlace[]): { readonly text: string; readonly p: number }[] {
    return this.#probabilities(without).map((row) => {
      const p = Math.max(...row);
      return { text: this.#opened.tokenizer.texts([row.indexOf(p)])[0]!, p };
    });
  }

  /** The likeliest of some words after a row. */
  likeliest(words: readonly string[], row: number, ...without: readonly HeadPlace[]): string {
    const probabilities = this.#probabilities(without)[row]!;
    const of = (word: string): number => probabilities[this.#opened.tokenizer.encode(word)[0]!]!;
    return words.toSorted((a, b) => of(b) - of(a))[0]!;
  }

  #probabilities(without: readonly HeadPlace[]): number[][] {
    const edits = without.map((place) => ablate(headsOf(this.#partOf(place), place.head)));
    const model = withEdits(this.#opened.model, edits);
    return tidy(() => softmax(this.#run(model)).arraySync() as number[][][])[0]!;
  }

  #partOf({ kind, layer }: HeadPlace): string {
    return this.#opened.info.stacks.find((stack) => stack.kind === kind)!.parts[layer]!;
  }

  #run(model: LanguageModel | EncoderDecoder): Tensor {
    const tensor = (ids: readonly number[]) => tensor2d([...ids], [1, ids.length], "int32");
    const ids = tensor(this.ids);
    return model instanceof EncoderDecoder ? model.apply(ids, tensor(this.#answerIds!)).logits : model.apply(ids).logits;
  }
}

async function examplesOf(name: string): Promise<Shown[]> {
  const opened = await trained(name);
  return opened.info.examples.map((_, index) => new Shown(opened, index));
}

const plural = ["run", "sleep", "sing", "wait", "jump", "see", "chase", "like", "hear", "admire"];
const singular = plural.map((verb) => `${verb}s`);

describe("what the notes of the grammar model say", () => {
  it("L2·H3 finds the subject, and without it the number of the verb is wrong", async () => {
    const [boys, man] = (await examplesOf("grammar")) as [Shown, Shown];
    expect([boys.rows.at(-1), (await boys.looks()).at(-1)!.at]).toEqual(["sees", 1]);
    const last = boys.rows.length - 1;
    expect(plural).toContain(boys.top().at(-1)!.text);
    expect([boys.likeliest([...plural, ...singular], last), boys.likeliest([...plural, ...singular], last, boys.place)]).toEqual([
      "chase",
      "hears",
    ]);
    expect(boys.note).toMatch(/“chase”, “hear”/);
    expect((await man.looks()).at(-1)).toEqual({ at: 1, weight: expect.closeTo(0.96, 1) });
    expect([man.top().at(-1)!.text, man.likeliest([...plural, ...singular], man.rows.length - 1)]).toEqual(["that", "likes"]);
  });

  it("L1·H0 finds the open bracket, which is not needed; L0·H2 finds the queen, which is", async () => {
    const [, , bracket, queen] = (await examplesOf("grammar")) as [Shown, Shown, Shown, Shown];
    expect((await bracket.looks()).at(-1)!.at).toBe(bracket.rows.indexOf("("));
    expect([bracket.top().at(-1), bracket.top(bracket.place).at(-1)]).toMatchObject([
      { text: ")", p: expect.closeTo(1, 1) },
      { text: ")", p: expect.closeTo(1, 1) },
    ]);
    expect((await queen.looks()).at(-1)!.at).toBe(1);
    expect(queen.top().at(-1)).toMatchObject({ text: "herself" });
    expect(queen.top(queen.place).at(-1)!.text).toMatch(/^(my|the)$/);
  });
});

describe("what the notes of the induction model say", () => {
  it("the rows of the repetition look at what came after their character, in all four heads of layer 1", async () => {
    const [repeated] = (await examplesOf("induction")) as [Shown];
    const second = repeated.rows.length - 4;
    const looks = await repeated.looks();
    expect(looks.slice(second).map(({ at }) => at)).toEqual([1, 2, 3, 4]);
    expect([repeated.rows.at(-1), repeated.top().at(-1)]).toMatchObject(["m", { text: "B", p: expect.closeTo(1, 1) }]);
    for (const head of [0, 1, 2, 3]) expect((await repeated.looks(placeOf("self", 1, head)))[second + 1]!.at).toBe(2);
  });

  it("L0·H0 looks at the previous character, and without it nothing is found", async () => {
    const [, alphabet, broken] = (await examplesOf("induction")) as [Shown, Shown, Shown];
    const looks = (await alphabet.looks()).slice(1, 17);
    expect(looks.filter(({ at }, index) => at === index).length).toBeGreaterThan(12);
    expect(alphabet.top()[16]).toMatchObject({ text: "b", p: expect.closeTo(1, 1) });
    expect(alphabet.top(alphabet.place)[16]!.p).toBeLessThan(0.2);
    const top = broken.top();
    expect([broken.rows[15], top[15]!.p < 0.1, broken.rows[16], top[16]!.text]).toEqual(["X", true, "D", "E"]);
  });
});

describe("what the notes of copy, reverse and addition say", () => {
  it("the rows of the answer go along the text, or from its end", async () => {
    const [straight, letters] = (await examplesOf("copy")) as [Shown, Shown];
    for (const shown of [straight, letters]) expect((await shown.looks()).map(({ at }) => at)).toEqual(shown.rows.map((_, row) => row));
    const [back, twice] = (await examplesOf("reverse")) as [Shown, Shown];
    const fromEnd = (shown: Shown) => shown.rows.map((_, row) => (row === shown.rows.length - 1 ? row : shown.rows.length - 2 - row));
    expect((await back.looks()).map(({ at }) => at)).toEqual(fromEnd(back));
    expect((await twice.looks()).slice(0, -1).map(({ at }) => at)).toEqual(fromEnd(twice).slice(0, -1));
  });

  it("strings that are longer than all that the models have seen go wrong", async () => {
    const copied = (await examplesOf("copy"))[2]!;
    expect((await copied.looks()).slice(0, 3).map(({ at }) => at)).toEqual([4, 4, 4]);
    expect(
      copied
        .top()
        .slice(0, 3)
        .map(({ text }) => text),
    ).toEqual(["e", "e", "e"]);
    const reversed = (await examplesOf("reverse"))[2]!;
    const row = reversed.rows.indexOf("e");
    expect([reversed.columns[(await reversed.looks())[row]!.at], reversed.top()[row]!.text]).toEqual(["=", "</s>"]);
    expect(reversed.top()[0]!.text).toBe("p");
  });

  it("the sums are right and backwards; L1·H3 looks at units and tens, and is needed for both", async () => {
    const sums = await examplesOf("addition");
    for (const sum of sums) {
      const [, a, b, shown] = /^(\d+) \+ (\d+) = (\d+)/.exec(sum.note)!;
      expect(Number(a) + Number(b)).toBe(Number(shown));
      const answer = Array.from(shown!.padStart(4, "0")).toReversed();
      expect(sum.top().map(({ text }) => text)).toEqual([...answer, "</s>"]);
      expect(sum.rows.slice(1)).toEqual(answer);
    }
    const [carry, even] = sums as [Shown, Shown];
    for (const shown of [carry, even]) {
      const [units, tens] = await shown.looks();
      expect([[2, 6].includes(units!.at), [1, 5].includes(tens!.at)]).toEqual([true, true]);
    }
    expect(
      carry
        .top(carry.place)
        .slice(0, 2)
        .map(({ text }) => text),
    ).toEqual(["8", "0"]);
  });
});

describe("every trained model", () => {
  it("has a description with several examples, whose head exists; before training it has the same sizes", async () => {
    expect(Object.keys(trainedModels).toSorted()).toEqual(recipes.map(({ name }) => name).toSorted());
    for (const name of Object.keys(trainedModels)) {
      const { info } = await trained(name);
      const before = buildUntrained(name);
      use(before.model);
      expect(info.examples.length).toBeGreaterThanOrEqual(3);
      for (const { head = info.firstHead } of info.examples) {
        const stack = info.stacks.find(({ kind }) => kind === head.kind)!;
        expect([head.layer < stack.parts.length, head.head < stack.heads]).toEqual([true, true]);
      }
      const { id, title, summary, examples, ...sizes } = info;
      expect(before.info).toMatchObject({ id: `untrained-${name}`, ...sizes });
      expect(before.info.examples.map(({ text }) => text)).toEqual(examples.map(({ text }) => text));
      expect([id, title === before.info.title, summary === before.info.summary]).toEqual([name, false, false]);
      expect(before.held).toBe(new Set(Object.values(before.model.parameters())).size);
    }
  });
});
