import * as attention from "@tfblocks/attention";
import * as feedForward from "@tfblocks/feed-forward";
import * as norm from "@tfblocks/norm";
import * as positional from "@tfblocks/positional";
import { Linear, UnknownNameError } from "@tfblocks/tensor-utils";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import * as blocks from "./index.js";
import * as models from "./models.js";

type Build = (...args: unknown[]) => unknown;

/** Calls a builder, or constructs a class. */
function calling(name: string, value: unknown): Build {
  const callable = value as Build & (new (...args: unknown[]) => unknown);
  return (...args) => (/^[A-Z]/.test(name) ? new callable(...args) : callable(...args));
}

function errorOf(build: Build, ...args: unknown[]): unknown {
  try {
    return build(...args);
  } catch (error) {
    return error;
  }
}

/** Every public function and class whose first argument is an object with names: they reject a name that nobody knows. */
const builders = Object.entries({ ...attention, ...feedForward, ...norm, ...positional, ...blocks, ...models, Linear })
  .filter(([, value]) => typeof value === "function")
  .map(([name, value]) => ({ name, build: calling(name, value) }))
  .flatMap(({ name, build }) => {
    const error = errorOf(build, { "no such name": 1 });
    return error instanceof UnknownNameError ? [{ name, build, known: error.known }] : [];
  });

beforeAll(() => useBackend("cpu"));

it("every builder, constructor and function of sizes is among them", () => {
  const names = builders.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(40);
  expect(names).toEqual(
    expect.arrayContaining(["multiHeadAttention", "swiglu", "feedForward", "LayerNorm", "Linear", "gpt2", "TransformerLayer"]),
  );
});

describe.each(builders)("$name", ({ name, build, known }) => {
  it("rejects positional arguments under its own name", () => {
    expect(String(errorOf(build, 512))).toMatch(new RegExp(`^ValueError: ${name}: \\w+ must be an object, got 512; (call|known) `));
  });

  it("reports an unknown name before a size that is missing, and says what it is called here", () => {
    const theirs: Record<string, string> = {
      dModel: "embed_dim",
      numHeads: "nhead",
      hiddenDim: "dim_feedforward",
      numLayers: "num_hidden_layers",
    };
    for (const [ours, foreign] of Object.entries(theirs).filter(([each]) => known.includes(each))) {
      expect(String(errorOf(build, { [foreign]: 8 }))).toMatch(
        new RegExp(`^UnknownNameError: ${name}: unknown \\w+ "${foreign}"; it is called "${ours}" here; `),
      );
    }
  });
});

it("a gated network with a fixed activation does not ignore another", () => {
  expect(() => feedForward.swiglu({ dModel: 4, hiddenDim: 8, activation: "relu" } as never)).toThrow(
    'swiglu: unknown size "activation"; known sizes: dModel, hiddenDim, bias, dropout, init, random',
  );
});
