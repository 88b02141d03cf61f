import { memory, sub, type Tensor } from "@tensorflow/tfjs-core";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { headsOf, keysOf, neuronsOf, outputOf, type PathOptions, patchPath, queriesOf, type Site, valuesOf } from "../models.js";
import { type LinearModel, linearModel } from "../testing/linear-model.js";
import { tinyModel, tokens } from "../testing/tiny-model.js";

type Matrix = number[][];

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, each, k) => sum + each * b[k]![j]!, 0)));
const plusIdentity = (a: Matrix): Matrix => a.map((row, i) => row.map((each, j) => each + (i === j ? 1 : 0)));
const chain = (...matrices: Matrix[]): Matrix => matrices.reduce(product);

/** The matrices of a model: O restricted to a head, V, and the network D U, of each layer. */
async function matricesOf(model: LinearModel) {
  const matrix = async (name: string) => (await model.parameters()[`${name}.weight`]!.array()) as Matrix;
  return Promise.all(
    [0, 1, 2].map(async (layer) => {
      const part = `layers.${layer}`;
      const [O, V] = [await matrix(`${part}.attention.output`), await matrix(`${part}.attention.value`)];
      const [D, U] = [await matrix(`${part}.feedForward.down`), await matrix(`${part}.feedForward.up`)];
      const head = (at: number) => O.map((row) => row.map((each, column) => (Math.floor(column / 2) === at ? each : 0)));
      return { O, V, head, network: plusIdentity(product(D, U)), D, U };
    }),
  );
}

/** How much a path changes the output, `[1, 1, 4]`. */
function change(
  model: LinearModel,
  x: Tensor,
  other: Tensor,
  ends: Pick<PathOptions<LinearModel, Tensor>, "sender" | "receiver" | "feedForward">,
) {
  const patched = use(patchPath(model, { ...ends, clean: (edited) => edited.apply(x), corrupt: (edited) => edited.apply(other) }));
  return use(sub(patched, use(model.apply(x))));
}

beforeAll(() => useBackend("cpu"));

describe("patchPath in a linear model is a product of matrices:", () => {
  const inputs = () => [linearModel(), randomTensor([1, 1, 4], 1), randomTensor([1, 1, 4], 2)] as const;
  const close = { atol: 1e-5, rtol: 1e-5 };

  /** The columns of a difference of inputs, mapped by a matrix. */
  const mapped = async (matrix: Matrix, x: Tensor, other: Tensor) => {
    const numbers = [...(await use(sub(other, x)).data())].map((each) => [each]);
    return { shape: [1, 1, 4], data: product(matrix, numbers).flat() };
  };

  it("a head acts on the values of a later layer directly, and through the networks between them", async () => {
    const [model, x, other] = inputs();
    const [first, second, third] = await matricesOf(model);
    const ends = { sender: headsOf("layers.0.attention", 1), receiver: valuesOf("layers.2.attention") };
    const [sent, received] = [product(first!.head(1), first!.V), chain(third!.network, third!.O, third!.V)];
    const recomputed = chain(received, second!.network, first!.network, sent);
    await expectClose(change(model, x, other, ends), await mapped(recomputed, x, other), close);
    await expectClose(change(model, x, other, { ...ends, feedForward: "frozen" }), await mapped(chain(received, sent), x, other), close);
  });

  it("neurons act on the output, past the attentions", async () => {
    const [model, x, other] = inputs();
    const [first, second, third] = await matricesOf(model);
    const sender = neuronsOf("layers.0.feedForward", [0, 3]);
    const before = plusIdentity(product(first!.O, first!.V));
    const neurons = first!.D.map((row) => row.map((each, column) => ([0, 3].includes(column) ? each : 0)));
    const sent = chain(neurons, first!.U, before);
    const ends = { sender, receiver: outputOf("layers.2") };
    await expectClose(change(model, x, other, ends), await mapped(chain(third!.network, second!.network, sent), x, other), close);
    await expectClose(change(model, x, other, { ...ends, feedForward: "frozen" }), await mapped(sent, x, other), close);
  });

  it("the values of an attention act by its heads, and two senders add up", async () => {
    const [model, x, other] = inputs();
    const [first] = await matricesOf(model);
    const of = (sender: Site | Site[]) => change(model, x, other, { sender, receiver: outputOf("layers.2"), feedForward: "frozen" });
    await expectClose(of(valuesOf("layers.0.attention", 1)), await mapped(product(first!.head(1), first!.V), x, other), close);
    const both = of([headsOf("layers.0.attention", 1), headsOf("layers.0.attention", 0)]);
    await expectClose(both, await mapped(product(first!.O, first!.V), x, other), close);
  });

  it("what comes before the sender, or keys of one token, receives nothing", async () => {
    const [model, x, other] = inputs();
    const zero = { shape: [1, 1, 4], data: [0, 0, 0, 0] };
    const of = (sender: Site, receiver: Site) => change(model, x, other, { sender, receiver });
    await expectClose(of(headsOf("layers.1.attention", 0), valuesOf("layers.0.attention")), zero, { atol: 0, rtol: 0 });
    await expectClose(of(headsOf("layers.0.attention", 0), keysOf("layers.1.attention")), zero, close);
  });
});

describe("patchPath", () => {
  it("frees everything but its result, also when it throws", () => {
    const [model, ids, other, long] = [tinyModel(), tokens([1, 2, 3]), tokens([1, 5, 3]), tokens([1, 5, 3, 4])];
    const count = memory().numTensors;
    const path = (corrupt: Tensor, receiver: Site, options: object = {}) =>
      patchPath(model, {
        sender: headsOf("layers.0.attention", 2),
        receiver,
        clean: (edited) => edited.apply(ids).logits,
        corrupt: (edited) => edited.apply(corrupt),
        ...options,
      });
    path(other, queriesOf("layers.1.attention", 0)).dispose();
    expect(memory().numTensors).toBe(count);
    expect(() => path(long, queriesOf("layers.1.attention", 0))).toThrow("of length 3, as this run, got length 4");
    expect(() => path(other, queriesOf("layers.2.attention", 0))).toThrow('"layers.2.attention.query"');
    expect(() => path(other, queriesOf("layers.1.attention", 0), { feedForward: "frosen" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: patchPath: feedForward must be "recomputed" or "frozen", got "frosen"]`,
    );
    expect(memory().numTensors).toBe(count);
  });
});
