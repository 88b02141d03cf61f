import { mul, type Scalar, sum, type Tensor, tidy, type Variable, variableGrads } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import type { Block, Parts } from "./block.js";
import { borrowed, probe } from "./borrowed.js";
import { Composite } from "./composite.js";
import { Linear } from "./linear.js";
import { Random } from "./random.js";
import { replaceParts } from "./replace-parts.js";
import { scope } from "./scope.js";

const linear = (seed: number) => new Linear({ inFeatures: 4, outFeatures: 4, random: new Random(seed) });

/** Blocks one after the other. */
class Chain extends Composite implements Block {
  readonly links: readonly Block[];
  readonly last: Block;

  constructor({ links, last }: { readonly links: readonly Block[]; readonly last: Block }) {
    super("Chain");
    this.links = links;
    this.last = last;
  }

  apply(x: Tensor): Tensor {
    return scope(() => [...this.links, this.last].reduce((y, block) => block.apply(y), x));
  }

  parts(): Parts {
    return { links: this.links, last: this.last };
  }
}

/** scale(base(x)): contains the part that it replaces. */
class Scaled extends Composite implements Block {
  readonly base: Block;
  readonly scale: Linear;

  constructor({ base, scale }: { readonly base: Block; readonly scale: Linear }) {
    super("Scaled");
    this.base = base;
    this.scale = scale;
  }

  apply(x: Tensor): Tensor {
    return scope(() => this.scale.apply(this.base.apply(x)));
  }

  parts(): Parts {
    return { base: this.base, scale: this.scale };
  }
}

const nested = () =>
  new Chain({
    links: [new Chain({ links: [linear(1)], last: linear(2) }), new Chain({ links: [linear(3)], last: linear(4) })],
    last: linear(5),
  });

const alive = (block: Pick<Block, "parameters">) => Object.values(block.parameters()).map(({ isDisposed }) => !isDisposed);

describe("replaceParts", () => {
  beforeAll(() => useBackend("cpu"));

  it("returns a block that shares every other part, and does not change the old block", async () => {
    const [old, x] = [use(nested()), randomTensor([1, 2, 4], 1)];
    const before = use(old.apply(x));
    const added = use(linear(9));
    const edited = use(replaceParts(old, "links.1.last", () => added));
    expect(edited).toBeInstanceOf(Chain);
    expect(edited.links[0]).toBe(old.links[0]);
    expect(edited.last).toBe(old.last);
    const second = edited.links[1] as Chain;
    expect(second.last).toBe(added);
    expect(second.links[0]).toBe((old.links[1] as Chain).links[0]);
    const byHand = use(old.last.apply(use(added.apply(use(second.links[0]!.apply(use(old.links[0]!.apply(x))))))));
    await expectClose(edited.apply(x), byHand, { atol: 0, rtol: 0 });
    await expectClose(old.apply(x), before, { atol: 0, rtol: 0 });
  });

  it("matches one word between dots with a star, and passes the name of each part", () => {
    const old = use(nested());
    const names: string[] = [];
    const edited = use(
      replaceParts(old, ["links.*.links.*", "last"], (_part, name) => {
        names.push(name);
        return linear(names.length);
      }),
    );
    expect(names).toEqual(["links.0.links.0", "links.1.links.0", "last"]);
    expect(Object.keys(edited.parameters())).toEqual(Object.keys(old.parameters()));
  });

  it("replaces a part in every place where it occurs", () => {
    const shared = use(linear(1));
    const old = use(new Chain({ links: [shared, use(linear(2))], last: use(linear(3)) }));
    const twice = use(new Scaled({ base: use(new Chain({ links: [old], last: shared })), scale: use(linear(4)) }));
    const added = use(linear(5));
    const edited = use(replaceParts(twice, "base.links.0.links.0", () => added));
    expect(((edited.base as Chain).links[0] as Chain).links[0]).toBe(added);
    expect((edited.base as Chain).last).toBe(added);
    expect(edited.scale).toBe(twice.scale);
  });
});

describe("the ownership of replaced parts", () => {
  beforeAll(() => useBackend("cpu"));

  it("frees added parts and never shared ones, also when the new part contains the old one", () => {
    const old = use(nested());
    const edited = use(replaceParts(old, "links.*.last", (base: Linear) => new Scaled({ base, scale: use(linear(7)) })));
    expect(Object.keys(edited.parameters())).toContain("links.0.last.base.weight");
    const scales = use(edited.links.map((each) => ((each as Chain).last as Scaled).scale));
    edited.dispose();
    edited.dispose();
    expect(alive(old)).not.toContain(false);
    expect(scales.flatMap(alive)).not.toContain(true);
  });

  it("does not free a part of the old block that the new block has in another place", () => {
    const old = use(nested());
    const edited = use(replaceParts(old, "links.0.last", () => (old.links[1] as Chain).last));
    edited.dispose();
    expect(alive(old)).not.toContain(false);
  });

  it("can be applied to its result; each block frees what its own call added", () => {
    const old = use(nested());
    const [first, second] = [use(linear(7)), use(linear(8))];
    const once = use(replaceParts(old, "last", () => first));
    const twice = use(replaceParts(once, "links.0.last", () => second));
    expect(twice.last).toBe(first);
    twice.dispose();
    expect([first.weight.isDisposed, second.weight.isDisposed]).toEqual([false, true]);
    once.dispose();
    expect(first.weight.isDisposed).toBe(true);
    expect(alive(old)).not.toContain(false);
  });
});

describe("the parameters of a block with replaced parts", () => {
  beforeAll(() => useBackend("cpu"));

  it("has gradients of shared and added parameters, and none of replaced ones", () => {
    const [old, replaced, x] = [use(nested()), use(linear(6)), randomTensor([1, 3, 4], 1)];
    const edited = use(replaceParts(old, "last", () => replaced));
    const loss = () => scope(() => sum(edited.apply(x)) as Scalar);
    const gradientsOf = (parameters: readonly Variable[]) => use(variableGrads(loss, [...parameters])).grads;
    const grads = use(gradientsOf(Object.values(edited.parameters())));
    for (const each of Object.values(edited.parameters())) expect(grads[each.name]!.shape).toEqual(each.shape);
    const { weight } = old.last as Linear;
    expect(() => tidy(() => gradientsOf([weight]))).toThrow(/Cannot find a connection/); // tfjs leaves the value behind
  });

  it("loads the state of shared parts into both blocks", async () => {
    const old = use(nested());
    const edited = use(replaceParts(old, "last", () => linear(9)));
    const state = use(Object.fromEntries(Object.entries(use(edited.stateDict())).map(([name, value]) => [name, mul(value, 2)])));
    edited.loadStateDict(state);
    await expectClose(old.parameters()["links.0.last.weight"]!, state["links.0.last.weight"]!, { atol: 0, rtol: 0 });
    await expect(expectClose(old.parameters()["last.weight"]!, state["last.weight"]!, { atol: 0, rtol: 0 })).rejects.toThrow(/^tensor\[/);
  });

  it("rejects patterns that match nothing or a parameter, and frees what a failed call made", () => {
    const old = use(nested());
    const make = () => linear(1);
    expect(() => replaceParts(old, "links.*.first", make)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: replaceParts: pattern must be the name of a part, got "links.*.first"; the parts of "links.*" are links, last]`,
    );
    expect(() => replaceParts(old, "last.weight", make)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: replaceParts: pattern must be the name of a block, got the parameter "last.weight"; replace the block that contains it]`,
    );
    const failing = () => {
      linear(2);
      throw new Error("no");
    };
    expect(() => replaceParts(old, ["last", "links.0"], failing)).toThrow("no");
  });
});

describe("probe", () => {
  beforeAll(() => useBackend("cpu"));

  it("reports each call and changes nothing", async () => {
    const [old, x] = [use(nested()), randomTensor([1, 3, 4], 1)];
    const shapes: number[][] = [];
    const edited = use(
      replaceParts(old, "last", (part: Linear) =>
        probe(part, ({ inputs: [input], output }) => {
          shapes.push(input.shape, output.shape);
        }),
      ),
    );
    await expectClose(edited.apply(x), old.apply(x), { atol: 0, rtol: 0 });
    expect(shapes).toEqual([
      [1, 3, 4],
      [1, 3, 4],
    ]);
    expect(edited.last).toBeInstanceOf(Linear);
    expect((edited.last as Linear).outFeatures).toBe(4);
    expect(Object.keys(edited.parameters())).toEqual(Object.keys(old.parameters()));
    edited.dispose();
    expect(alive(old)).not.toContain(false);
  });
});

describe("a part replaced inside a view", () => {
  beforeAll(() => useBackend("cpu"));

  it("keeps the methods of the view, whichever was replaced first, and frees what was added", async () => {
    const [old, x, added] = [use(nested()), randomTensor([1, 2, 4], 1), use(linear(9))];
    const doubled = use(
      replaceParts(old, "links.1", (part: Chain) => borrowed(part, (inner) => ({ apply: (y) => mul(inner.apply(y), 2) }))),
    );
    const both = use(replaceParts(doubled, "links.1.last", () => added));
    const replaced = use(replaceParts(old, "links.1.last", () => use(linear(9))));
    const other = use(
      replaceParts(replaced, "links.1", (part: Chain) => borrowed(part, (inner) => ({ apply: (y) => mul(inner.apply(y), 2) }))),
    );
    await expectClose(both.apply(x), other.apply(x), { atol: 0, rtol: 0 });
    await expect(expectClose(both.apply(x), replaced.apply(x), { atol: 1e-3, rtol: 0 })).rejects.toThrow(/^tensor\[/);
    both.dispose();
    expect(added.weight.isDisposed).toBe(true);
    expect(alive(old)).not.toContain(false);
  });
});
