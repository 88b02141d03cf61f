import type { Tensor } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import type { Block, Parts } from "./block.js";
import { Composite } from "./composite.js";
import { Linear } from "./linear.js";
import { replaceParts } from "./replace-parts.js";

const linear = () => new Linear({ inFeatures: 4, outFeatures: 4 });

/** A block under its own name: its parameters are those of the block. */
class Same extends Composite implements Block {
  readonly inner: Block;

  constructor({ inner }: { readonly inner: Block }) {
    super("Same");
    this.inner = inner;
  }

  apply(x: Tensor): Tensor {
    return this.inner.apply(x);
  }

  parts(): Parts {
    return { "": this.inner };
  }
}

describe("a part inside one of the same name", () => {
  beforeAll(() => useBackend("cpu"));

  it("is replaced where the outer one is left as it is", () => {
    const [old, added] = [use(new Holder({ map: new Same({ inner: linear() }) })), use(linear())];
    const edited = use(replaceParts(old, "map", (part) => (part instanceof Linear ? added : undefined)));
    expect(edited.map).toBeInstanceOf(Same);
    expect((edited.map as Same).inner).toBe(added);
    expect(Object.keys(edited.parameters())).toEqual(["map.weight", "map.bias"]);
  });

  it("is asked for after the outer one, and may stay too", () => {
    const old = use(new Holder({ map: new Same({ inner: linear() }) }));
    const asked: unknown[] = [];
    const same = replaceParts(old, "map", (part) => {
      asked.push(part.constructor);
      return undefined;
    });
    expect(asked).toEqual([Same, Linear]);
    expect(same).toBe(old);
  });
});

class Holder extends Composite {
  readonly map: Block;

  constructor({ map }: { readonly map: Block }) {
    super("Holder");
    this.map = map;
  }

  parts(): Parts {
    return { map: this.map };
  }
}
