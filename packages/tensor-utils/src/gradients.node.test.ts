import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const here = fileURLToPath(new URL("..", import.meta.url));
const built = join(here, "dist/gradients.js");
// A directory from which tfjs's backends and this package resolve as they do for a user.
const user = fileURLToPath(new URL("../../../internal/testkit/", import.meta.url));

const program = (backend: string) => `
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-${backend}";
import "@tfblocks/tensor-utils/gradients";
import { matmul, ShapeError } from "@tfblocks/tensor-utils";
await tf.setBackend("${backend}");
const x = tf.tensor2d([[1, 2], [3, 4]]);
const gradient = tf.grad((at) => tf.sum(tf.mul(matmul(at, at), tf.softmax(at))))(x);
const kernels = Object.values(tf).filter((name) => typeof name === "string");
console.log(JSON.stringify({
  gradient: [...gradient.dataSync()].map((each) => Number(each.toFixed(4))),
  registered: [...new Set(kernels)].filter((name) => tf.getGradient(name)).length,
  error: new ShapeError({ operation: "a", argument: "b", expected: "c", received: "d" }).name,
}));
`;

interface Printed {
  gradient: number[];
  registered: number;
  error: string;
}

function printed(...args: string[]): Printed {
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: user, encoding: "utf8" });
  expect(stderr).not.toMatch(/already|rror/); // a second tfjs-core says that the platform was already set
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Printed;
}

/** d/dx Σ (x x) ∘ softmax(x) by central differences in float64. */
function numericGradient(x: number[]): number[] {
  const loss = ([a, b, c, d]: number[]) => {
    const squared = [a! * a! + b! * c!, a! * b! + b! * d!, c! * a! + d! * c!, c! * b! + d! * d!];
    const [top, bottom] = [1 / (1 + Math.exp(b! - a!)), 1 / (1 + Math.exp(d! - c!))];
    return squared[0]! * top + squared[1]! * (1 - top) + squared[2]! * bottom + squared[3]! * (1 - bottom);
  };
  const moved = (index: number, by: number) => loss(x.map((each, at) => each + (at === index ? by : 0)));
  return x.map((_, index) => (moved(index, 1e-5) - moved(index, -1e-5)) / 2e-5);
}

const expectRight = ({ gradient, registered, error }: Printed) => {
  expect(error).toBe("ShapeError");
  numericGradient([1, 2, 3, 4]).forEach((each, index) => expect(gradient[index]).toBeCloseTo(each, 3));
  expect(registered).toBe(101); // as the README says
};

describe("the built gradients entry", () => {
  let folder: string;

  beforeAll(() => {
    if (!existsSync(built) || process.env["TFBLOCKS_BUILT"] !== "1") execFileSync("npm", ["run", "build"], { cwd: here, shell: true });
    folder = mkdtempSync(join(user, "node_modules/.gradients-"));
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  it("registers every gradient of tfjs-core", () => {
    const core = fileURLToPath(new URL("../node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js", import.meta.url));
    const configs = readFileSync(core, "utf8").match(/^import \{ \w+ \}/gm)!;
    expect(printed("--input-type=module", "--eval", program("wasm")).registered).toBe(configs.length - 1); // one import is registerGradient;
  });

  it("works in plain Node with tfjs-core and a backend", () => {
    expectRight(printed("--input-type=module", "--eval", program("wasm")));
  });

  it("does not bundle an engine: its only import is tfjs-core", () => {
    const code = readFileSync(built, "utf8");
    expect(new Set([...code.matchAll(/(?:from|import) ?"([^"]+)"/g)].map((match) => match[1]))).toEqual(new Set(["@tensorflow/tfjs-core"]));
    expect(code).not.toMatch(/class (Engine|Tensor|Variable|KernelBackend)\b/);
    expect(code).toMatch(/^\/\*![^]*Copyright Google LLC[^]*Apache License/);
  });

  it("works in a minified bundle, where errors keep their names", async () => {
    const file = join(folder, "bundle.mjs");
    writeFileSync(join(folder, "program.mjs"), program("cpu"));
    const bundle = await rolldown({
      input: join(folder, "program.mjs"),
      platform: "node",
      resolve: { mainFields: ["module", "main"] },
      logLevel: "silent",
    });
    await bundle.write({ file, format: "esm", minify: true, codeSplitting: false });
    await bundle.close();
    expectRight(printed(file));
  });
});
