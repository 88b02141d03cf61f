import { positionalFixture } from "@tfblocks/fixtures";
import { describe, expect, it } from "vitest";
import { inverseFrequencies } from "./inverse-frequencies.js";
import { rotaryAngles } from "./rotary-angles.js";
import type { RotaryConfig } from "./rotary-config.js";

const linear = { type: "linear", factor: 2 } as const;
const yarn = { type: "yarn", factor: 4, originalMaxLength: 4096 } as const;
const llama3 = { type: "llama3", factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxLength: 8192 } as const;
const longrope = { type: "longrope", shortFactor: [1, 2], longFactor: [3, 4], originalMaxLength: 16 } as const;

describe("inverseFrequencies", () => {
  it.each(positionalFixture.rotary.map((each) => [each.name, each] as const))("agrees with Hugging Face on %s", (_name, each) => {
    const found = inverseFrequencies(each.config as RotaryConfig, { length: each.length });
    expect(found.frequencies.length).toBe(each.frequencies.length);
    const errors = each.frequencies.map((frequency, pair) => Math.abs(found.frequencies[pair]! / frequency - 1));
    expect(Math.max(...errors)).toBeLessThan(3e-6); // Hugging Face computes the powers in float32
    expect(found.attentionFactor).toBeCloseTo(each.attentionFactor, 14);
  });

  it("decreases from 1 by a constant ratio without scaling", () => {
    const { frequencies, attentionFactor } = inverseFrequencies({ headDim: 8 });
    expect([...frequencies].map((each, pair) => each / 10 ** -pair - 1).every((error) => Math.abs(error) < 1e-14)).toBe(true);
    expect(attentionFactor).toBe(1);
  });

  it("accepts a single pair, which has frequency 1", () => {
    for (const type of ["ntk", "dynamic"] as const) {
      const scaling = type === "ntk" ? { type, factor: 4 } : { type, factor: 4, originalMaxLength: 8 };
      expect([...inverseFrequencies({ headDim: 2, scaling }, { length: 64 }).frequencies]).toEqual([1]);
    }
  });
});

describe("the scaling of inverseFrequencies", () => {
  it("changes nothing with a factor of 1", () => {
    const plain = [...inverseFrequencies({ headDim: 16 }).frequencies];
    const factor = 1;
    const scalings = [
      { ...linear, factor },
      { type: "ntk", factor },
      { type: "dynamic", factor, originalMaxLength: 8 },
      { ...yarn, factor },
      { ...llama3, factor },
    ] as const;
    for (const scaling of scalings) {
      const { frequencies, attentionFactor } = inverseFrequencies({ headDim: 16, scaling }, { length: 8 });
      for (const [pair, each] of plain.entries()) expect(frequencies[pair]! / each).toBeCloseTo(1, 13);
      expect(attentionFactor).toBe(1);
    }
  });

  it("keeps the highest frequency and divides the lowest by the factor, NTK-aware", () => {
    const plain = inverseFrequencies({ headDim: 32 }).frequencies;
    const scaled = inverseFrequencies({ headDim: 32, scaling: { type: "ntk", factor: 8 } }).frequencies;
    expect(scaled[0]).toBe(1);
    expect(plain[15]! / scaled[15]!).toBeCloseTo(8, 12);
  });

  it("treats an mscale of 0 as absent, like Hugging Face", () => {
    const factorOf = (scaling: RotaryConfig["scaling"]) => inverseFrequencies({ headDim: 8, scaling }).attentionFactor;
    expect(factorOf({ ...yarn, mscale: 0, mscaleAllDim: 1 })).toBe(factorOf(yarn));
    expect(factorOf(yarn)).toBe(0.1 * Math.log(4) + 1);
  });

  it("changes nothing up to originalMaxLength when it is dynamic, whatever the factor", () => {
    const scaling = { type: "dynamic", factor: 1e30, originalMaxLength: 2048 } as const;
    const scaled = inverseFrequencies({ headDim: 8, scaling }, { length: 2048 }).frequencies;
    expect([...scaled]).toEqual([...inverseFrequencies({ headDim: 8 }).frequencies]);
  });
});

describe("inverseFrequencies rejects", () => {
  it.each([
    [{ headDim: 0 }, "headDim must be an integer >= 1, got 0"],
    [{ headDim: 6, rotaryDim: 8 }, "rotaryDim must be an even integer from 2 to headDim = 6, got 8"],
    [{ headDim: 5 }, "rotaryDim must be an even integer from 2 to headDim = 5, got 5"],
    [{ headDim: 4, theta: 1 }, "theta must be a finite float32 number > 1, got 1"],
    [{ headDim: 4, pairing: "pairs" }, 'pairing must be "half" or "interleaved", got "pairs"'],
    [{ headDim: 4, base: 10 }, 'unknown size "base"; it is called "theta" here; known sizes: headDim, rotaryDim, theta, pairing, scaling'],
    [{ headDim: 4, scaling: 4 }, "scaling must be an object, got 4"],
    [
      { headDim: 4, scaling: { type: "xpos" } },
      'scaling.type must be "linear", "ntk", "dynamic", "yarn", "llama3" or "longrope", got "xpos"',
    ],
    [{ headDim: 4, scaling: { ...linear, factor: 0.5 } }, "scaling.factor must be a finite float32 number >= 1, got 0.5"],
    [{ headDim: 4, scaling: { type: "linear" } }, "scaling.factor must be a finite float32 number >= 1, got undefined"],
    [{ headDim: 4, scaling: { ...linear, theta: 3 } }, 'unknown scaling option "theta"; known scaling options: type, factor'],
    [
      { headDim: 4, scaling: { type: "dynamic", factor: 2 } },
      "scaling.originalMaxLength must be a finite float32 number > 0, got undefined",
    ],
    [{ headDim: 4, scaling: { ...yarn, betaFast: 0.5 } }, "scaling.betaFast must be >= betaSlow = 1, got 0.5"],
    [{ headDim: 4, scaling: { ...yarn, truncate: 1 } }, "scaling.truncate must be true or false, got 1"],
    [{ headDim: 4, scaling: { ...yarn, mscale: -1 } }, "scaling.mscale must be a finite float32 number >= 0, got -1"],
    [{ headDim: 4, scaling: { ...llama3, highFreqFactor: 1 } }, "scaling.highFreqFactor must be > lowFreqFactor = 1, got 1"],
    [{ headDim: 6, scaling: longrope }, "scaling.shortFactor must be an array of rotaryDim / 2 = 3 numbers, got an array of length 2"],
    [
      { headDim: 4, scaling: longrope },
      "scaling.factor must be a number when scaling.attentionFactor is undefined, got undefined; pass the ratio of the longest length to originalMaxLength",
    ],
    [
      { headDim: 4, scaling: { ...longrope, originalMaxLength: 1 } },
      "scaling.originalMaxLength must be a finite float32 number > 1, got 1",
    ],
  ])("%j", (config, message) => {
    expect(() => inverseFrequencies(config as never)).toThrow(expect.objectContaining({ message: `inverseFrequencies: ${message}` }));
  });

  it("unknown options and a length that is not an integer", () => {
    expect(() => inverseFrequencies({ headDim: 4 }, { seqLen: 3 } as never)).toThrow('unknown option "seqLen"; known options: length');
    expect(() => inverseFrequencies({ headDim: 4 }, { length: 1.5 })).toThrow("length must be an integer >= 0, got 1.5");
  });
});

describe("rotaryAngles", () => {
  it("gives position times frequency in float64", () => {
    const { angles, attentionFactor } = rotaryAngles({ headDim: 4, scaling: yarn }, [0, 3, 1_000_000]);
    const { frequencies } = inverseFrequencies({ headDim: 4, scaling: yarn });
    expect([...angles]).toEqual([0, 3, 1_000_000].flatMap((position) => [...frequencies].map((each) => each * position)));
    expect(attentionFactor).toBe(0.1 * Math.log(4) + 1);
  });

  it("takes the length from the largest position", () => {
    const scaling = { type: "dynamic", factor: 2, originalMaxLength: 8 } as const;
    const { frequencies } = inverseFrequencies({ headDim: 8, scaling }, { length: 16 });
    expect([...rotaryAngles({ headDim: 8, scaling }, [15, 1]).angles].slice(4)).toEqual([...frequencies]);
  });

  it("rejects positions that are not integers >= 0", () => {
    expect(() => rotaryAngles({ headDim: 4 }, [0, -1])).toThrow("rotaryAngles: positions[1] must be an integer >= 0, got -1");
    expect(() => rotaryAngles({ headDim: 4 }, [0.5])).toThrow("rotaryAngles: positions[0] must be an integer >= 0, got 0.5");
    expect([...rotaryAngles({ headDim: 4 }, []).angles]).toEqual([]);
  });
});
