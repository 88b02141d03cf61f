import { AllocationError } from "@tfblocks/tensor-utils";
import { backendNames, expectClose, expectNewTensors, useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { sinusoidal, type SinusoidalOptions } from "./sinusoidal.js";

function oracle({ length, dModel, base = 10000, offset = 0, layout = "interleaved" }: SinusoidalOptions) {
  const data = Array.from({ length: length * dModel }, (_, cell) => {
    const [position, column] = [offset + Math.floor(cell / dModel), cell % dModel];
    const [pair, isSine] = layout === "half" ? [column % (dModel / 2), column < dModel / 2] : [Math.floor(column / 2), column % 2 === 0];
    const angle = position / base ** ((2 * pair) / dModel);
    return isSine ? Math.sin(angle) : Math.cos(angle);
  });
  return { shape: [length, dModel], data };
}

describe.each(backendNames.map((name) => [name]))("sinusoidal on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each<SinusoidalOptions>([
    { length: 5, dModel: 8 },
    { length: 5, dModel: 8, layout: "half" },
    { length: 3, dModel: 6, offset: 1_000_000, base: 500 },
    { length: 1, dModel: 2 },
    { length: 0, dModel: 4 },
  ])("holds the sines and cosines of %j", async (options) => {
    const table = await expectNewTensors(() => sinusoidal(options), 1);
    await expectClose(table, oracle(options), { atol: 1e-7, rtol: 0 });
  });
});

describe("sinusoidal", () => {
  beforeAll(() => useBackend("cpu"));

  it("rotates each pair when positions are shifted", async () => {
    const [dModel, shift] = [8, 1234];
    const here = await use(sinusoidal({ length: 20, dModel })).data();
    const there = await use(sinusoidal({ length: 20, dModel, offset: shift })).data();
    for (let at = 0; at < here.length; at += 2) {
      const angle = shift / 10000 ** ((at % dModel) / dModel);
      const [sine, cosine] = [here[at]!, here[at + 1]!];
      expect(there[at]).toBeCloseTo(sine * Math.cos(angle) + cosine * Math.sin(angle), 6);
      expect(there[at + 1]).toBeCloseTo(cosine * Math.cos(angle) - sine * Math.sin(angle), 6);
    }
  });

  it("rejects invalid arguments by name", () => {
    expect(() => sinusoidal({ length: -1, dModel: 4 })).toThrow("sinusoidal: length must be an integer >= 0, got -1");
    expect(() => sinusoidal({ length: 1, dModel: 5 })).toThrow("sinusoidal: dModel must be an even integer >= 2, got 5");
    expect(() => sinusoidal({ length: 1, dModel: 4, base: 0 })).toThrow("sinusoidal: base must be a finite float32 number > 0, got 0");
    expect(() => sinusoidal({ length: 1, dModel: 4, offset: 0.5 })).toThrow("sinusoidal: offset must be an integer >= 0, got 0.5");
    expect(() => sinusoidal({ length: 1, dModel: 4, layout: "whole" as never })).toThrow(
      'sinusoidal: layout must be "interleaved" or "half", got "whole"',
    );
    expect(() => sinusoidal({ length: 1, dModel: 4, theta: 1 } as never)).toThrow(
      'unknown option "theta"; known options: length, dModel, base, offset, layout',
    );
    expect(() => sinusoidal({ length: 1e6, dModel: 1e4 })).toThrow(AllocationError);
  });
});
