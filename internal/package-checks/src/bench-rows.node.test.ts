import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { readFolders, root } from "./workspace.js";

/** A file of rows, `packages/<name>/bench/<block>.mjs`. */
interface BenchFile {
  readonly cases: readonly { readonly case: string; readonly spec: { readonly shapes: readonly (readonly number[])[] } }[];
  ours(built: unknown): Side;
  stock(library: typeof tf): Side;
}

interface Side {
  apply(...inputs: tf.Tensor[]): tf.Tensor;
  dispose(): void;
}

const files = readFolders("packages").flatMap(({ path }) =>
  existsSync(join(root, path, "bench")) ? readdirSync(join(root, path, "bench")).map((name) => [path, name] as const) : [],
);

test.each(files)("%s/bench/%s computes the same with the block and with tfjs's operations", async (path, name) => {
  const rows = (await import(join(root, path, "bench", name))) as BenchFile;
  const sides = [rows.ours(await import(join(root, path, "src/index.ts"))), rows.stock(tf)];
  expect(rows.cases.length).toBeGreaterThan(0);
  for (const { spec } of rows.cases) {
    const inputs = spec.shapes.map((shape, index) => tf.randomNormal([...shape], 0, 1, "float32", index + 1));
    const [ours, stock] = sides.map((side) => side.apply(...inputs));
    expect(ours!.shape).toEqual(stock!.shape);
    tf.test_util.expectArraysClose(await ours!.data(), await stock!.data(), 1e-5);
    tf.dispose([...inputs, ours!, stock!]);
  }
  for (const side of sides) side.dispose();
});
