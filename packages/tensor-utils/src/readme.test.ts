import { type Scalar, square, sum, tensor2d, variableGrads } from "@tensorflow/tfjs-core";
import { backendNames, useBackend, use, allowLeaks } from "@tfblocks/testkit";
import { checkShapes, embedding, Linear, normalInit, parameter, Random, scope } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { expect, it } from "vitest";
import readme from "../README.md?raw";
import source from "./readme.test.ts?raw";

it.each(backendNames.map((name) => [name]))("does on %s what the README says", async (backend) => {
  allowLeaks(); // the example drops the value of the loss
  await useBackend(backend);

  const random = new Random(42);
  const table = parameter(() => normalInit(0.02)([10, 4], random.split("table"))); // [vocabSize, dModel]
  const project = new Linear({ inFeatures: 4, outFeatures: 6, random: random.split("project") });
  const ids = tensor2d([3, 1, 4, 1, 5, 9], [2, 3], "int32");
  const forward = () => scope(() => project.apply(embedding(table, ids)));
  const output = forward(); // [batch, length, outFeatures], yours to dispose
  const { outFeatures } = checkShapes("example", { output: [output, "batch length outFeatures"] }); // a typed number: 6
  const { grads } = variableGrads(() => sum(square(forward())) as Scalar); // of table, weight and bias, on WASM too

  expect(outFeatures).toBe(6);
  const shapes = [table, project.weight, project.bias!].map(({ name }) => grads[name]!.shape);
  expect(shapes).toEqual([[10, 4], [6, 4], [6]]);
  use({ table, project, output, ids, grads });
});

it("is the code of the README", () => {
  const body = readme.match(/```ts\n[^]*?\n\n([^]*?)```/)![1]!;
  const unindented = (text: string) => text.replace(/^ +/gm, "");
  expect(unindented(source)).toContain(unindented(body));
});
