import { describe, expect, expectTypeOf, it } from "vitest";
import { UnknownNameError, ValueError } from "./errors.js";
import { checkOptions, checkPair, type Defaults, derived, type OptionNames, size, withDefaults } from "./options.js";
import { Random, unsetRandom } from "./random.js";

interface Options {
  readonly mask?: boolean;
  readonly scale?: number;
}
const names: OptionNames<Options> = { mask: "flag", scale: true };

interface Sizes {
  readonly dModel: number;
  readonly numHeads: number;
  readonly headDim?: number;
  readonly scale?: number | undefined;
}
const defaults: Defaults<Sizes> = {
  dModel: size,
  numHeads: size,
  headDim: derived(({ dModel, numHeads }) => dModel / numHeads),
  scale: undefined,
};

describe("checkOptions", () => {
  it("returns the options", () => {
    const options = { mask: true };
    expect(checkOptions("attend", options, names)).toBe(options);
    expect(checkOptions("attend", {} as Options, names)).toEqual({});
  });

  it("lists the unknown and the known names", () => {
    const unknown = { isLarge: true } as Options;
    expect(() => checkOptions("attend", unknown, names)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: attend: unknown option "isLarge"; known options: mask, scale]`,
    );
    expect(() => checkOptions("attend", { ...unknown, dim: 3 } as Options, names, "size")).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: attend: unknown sizes "isLarge", "dim"; known sizes: mask, scale]`,
    );
    expect(() => checkOptions("attend", unknown, names)).toThrow(UnknownNameError);
    expect(() => checkOptions("attend", unknown, names)).toThrow(ValueError);
  });

  it.each(["__proto__", "constructor", "toString"])("treats %s of Object.prototype as an unknown option", (name) => {
    const options = JSON.parse(`{"${name}": 1}`) as Options;
    expect(() => checkOptions("attend", options, names)).toThrow(`unknown option "${name}"`);
  });

  it.each([[null], ["false"], [0], [1], [[]], [{}]])("rejects the flag %j, which is neither true nor false", (mask) => {
    expect(() => checkOptions("attend", { mask } as unknown as Options, names)).toThrow(/^attend: mask must be true or false, got /);
    expect(checkOptions("attend", { mask: undefined } as unknown as Options, names)).toEqual({ mask: undefined });
  });

  it("has a table in which the compiler demands that a boolean option is a flag", () => {
    expectTypeOf<OptionNames<Options>["mask"]>().toEqualTypeOf<"flag">();
    expectTypeOf<OptionNames<{ readonly mask?: boolean | undefined }>["mask"]>().toEqualTypeOf<"flag">();
    expectTypeOf<OptionNames<Options>["scale"]>().toEqualTypeOf<unknown>();
    expectTypeOf<OptionNames<{ readonly bias?: boolean | object }>["bias"]>().toEqualTypeOf<unknown>();
  });

  it.each([[null], [3], ["mask"], [undefined], [[1, 2]]])("rejects %j", (value) => {
    expect(() => checkOptions("attend", value as unknown as Options, names)).toThrow(
      /^attend: options must be an object, got .+; known options: mask, scale$/,
    );
  });
});

describe("withDefaults", () => {
  it("fills in every default, including those derived from other sizes", () => {
    expect(withDefaults<Sizes>("make", { dModel: 8, numHeads: 2 }, defaults)).toEqual({
      dModel: 8,
      numHeads: 2,
      headDim: 4,
      scale: undefined,
    });
    expect(withDefaults<Sizes>("make", { dModel: 8, numHeads: 2, headDim: 3, scale: 1 }, defaults)).toEqual({
      dModel: 8,
      numHeads: 2,
      headDim: 3,
      scale: 1,
    });
  });

  it("rejects unknown sizes, and required sizes that are missing or not positive integers", () => {
    expect(() => withDefaults<Sizes>("make", { dModel: 8, numHeads: 2, other: 3 } as Sizes, defaults)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: make: unknown size "other"; known sizes: dModel, numHeads, headDim, scale]`,
    );
    expect(() => withDefaults<Sizes>("make", { dModel: 8.5, numHeads: 2 }, defaults)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: make: dModel must be an integer >= 1, got 8.5]`,
    );
    expect(() => withDefaults<Sizes>("make", { dModel: 8 } as Sizes, defaults)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: make: numHeads must be an integer >= 1, got undefined]`,
    );
  });

  it.each([[512], [undefined], ["dModel"]])("shows how to call a builder that got %j", (value) => {
    expect(() => withDefaults<Sizes>("make", value as never, defaults)).toThrow(
      /^make: sizes must be an object, got .+; call make\(\{ dModel: …, numHeads: … \}\)$/,
    );
    expect(() => withDefaults<Sizes>("Block", value as never, defaults)).toThrow(/; call new Block\(\{ dModel: …, numHeads: … \}\)$/);
  });

  it("does not treat null as absent", () => {
    expect(withDefaults<Sizes>("make", { dModel: 8, numHeads: 2, scale: null as never }, defaults).scale).toBeNull();
  });
});

describe("checkPair", () => {
  it("rejects one part without the other", () => {
    checkPair("make", { biasKey: undefined, biasValue: undefined });
    checkPair("make", { biasKey: 1, biasValue: 2 });
    expect(() => checkPair("make", { biasKey: 1, biasValue: undefined })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: make: biasValue must be set together with biasKey, got undefined]`,
    );
  });
});

describe("sizes with a flag and a source of random values", () => {
  interface Built {
    readonly bias?: boolean;
    readonly random?: Random;
  }
  const built: Defaults<Built> = { bias: true, random: derived(() => new Random(0)) };
  const complete = (sizes: object) => withDefaults<Built>("make", sizes, built);

  it.each([[null], ["false"], [0], [[]]])("refuse the flag %j", (bias) => {
    expect(() => complete({ bias })).toThrow(/^make: bias must be true or false, got /);
    expect(complete({ bias: false }).bias).toBe(false);
  });

  it.each([[null], ["8"], [{}]])("refuse %j for a Random", (random) => {
    expect(() => complete({ random })).toThrow(/^make: random must be a Random, got .+; pass new Random\(seed\)$/);
  });

  it("refuse a seed, and say what to pass", () => {
    expect(() => complete({ random: 42 })).toThrow("make: random must be a Random, got 42; pass new Random(42)");
    expect(complete({ random: unsetRandom }).random).toBe(unsetRandom);
  });
});
