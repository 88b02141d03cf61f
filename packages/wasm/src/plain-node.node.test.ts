import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = `
import * as tf from "@tensorflow/tfjs-core";
import { setupWasm } from "@tfblocks/wasm";
await setupWasm({ threads: 2 });
const gradient = tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, 2, 3]));
console.log(JSON.stringify([...(await gradient.data())]));
process.exit(0);
`;

/** A folder from which the package resolves to its built files, as for a user. */
const here = fileURLToPath(new URL("..", import.meta.url));

describe.runIf(process.env["TFBLOCKS_BUILT"] === "1")("the built package", () => {
  it("provides gradients in plain Node.js with tfjs-core alone", () => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: here, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n").at(-1)).toBe("[2,4,6]");
  });
});
