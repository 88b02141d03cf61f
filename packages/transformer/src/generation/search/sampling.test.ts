import { Random } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { applyProcessors } from "../processors/logits-processor.js";
import { samplingOf } from "./sampling.js";

const logits = () => Float32Array.from([0, 1, 2, 3], (weight) => Math.log(weight + 1)); // probabilities 0.1 … 0.4

function next(values: Float32Array, options: object, random: Random = new Random(0)): number {
  const { processors, choose } = samplingOf("test", options);
  return choose(applyProcessors(processors, values, { ids: [0], promptLength: 1, row: 0 }), random);
}

function expectFrequencies(options: object, expected: number[]): void {
  const random = new Random(0);
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < 4000; draw++) counts[next(logits(), options, random)]!++;
  expected.forEach((each, index) => expect(Math.abs(counts[index]! / 4000 - each)).toBeLessThan(0.03));
}

describe("sampling", () => {
  it("takes the likeliest token, the first in a tie, when temperature is 0", () => {
    expect(next(logits(), { topK: 2 })).toBe(3);
    expect(next(new Float32Array([1, 1]), {})).toBe(0);
  });

  it("draws by probability, which a low temperature sharpens", () => {
    expectFrequencies({ temperature: 1 }, [0.1, 0.2, 0.3, 0.4]);
    expectFrequencies({ temperature: 0.5 }, [1 / 30, 4 / 30, 9 / 30, 16 / 30]);
  });

  it("draws among the k likeliest, a nucleus, or those close to the likeliest", () => {
    expectFrequencies({ temperature: 1, topK: 2 }, [0, 0, 3 / 7, 4 / 7]);
    expectFrequencies({ temperature: 1, topP: 0.6 }, [0, 0, 3 / 7, 4 / 7]);
    expectFrequencies({ temperature: 1, topP: 0.75 }, [0, 2 / 9, 3 / 9, 4 / 9]);
    expectFrequencies({ temperature: 1, minP: 0.6 }, [0, 0, 3 / 7, 4 / 7]);
    expectFrequencies({ temperature: 1, topP: 1e-9 }, [0, 0, 0, 1]);
    expectFrequencies({ temperature: 1, topP: 0 }, [0, 0, 0, 1]);
  });

  it.each([
    ["Infinity", [1, Infinity]],
    ["-Infinity", [-Infinity, -Infinity]],
  ])("refuses a largest logit of %s", (name, infinite) => {
    const draw = (options: object) => next(new Float32Array(infinite), options);
    expect(() => draw({})).toThrow(`the largest logit must be finite, got ${name} for token`);
    expect(() => draw({ temperature: 1 })).toThrow(`the largest logit must be finite, got ${name} for token`);
  });

  it("checks topK, topP and minP, also when temperature is 0", () => {
    expect(() => samplingOf("test", { topK: 0 })).toThrow("topK: k must be an integer >= 1, got 0");
    expect(() => samplingOf("test", { temperature: Infinity })).toThrow("test: temperature must be a finite number >= 0, got Infinity");
  });
});
