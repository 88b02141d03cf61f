import {
  all,
  cast,
  clipByValue,
  cumprod,
  cumsum,
  engine,
  floorDiv,
  gather,
  gatherND,
  greater,
  max,
  maximum,
  mean,
  min,
  neg,
  prelu,
  prod,
  removeBackend,
  reshape,
  scatterND,
  stridedSlice,
  sum,
  type Tensor,
  tensorScatterUpdate,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { randomTensor, startWasm } from "@tfblocks/testkit";
import { expect, test } from "vitest";

// Sizes that split each into many tasks.
const calls: Readonly<Record<string, (x: Tensor, integers: Tensor, indices: Tensor) => Tensor>> = {
  all: (x) => all(greater(x, 0), 0),
  cast: (x) => cast(x, "int32"),
  clipByValue: (x) => clipByValue(x, -1, 1),
  cumprod: (x) => cumprod(x, 1),
  cumsum: (x) => cumsum(x, -2, true, true),
  floorDiv: (_, integers) => floorDiv(integers, 7),
  gather: (x, _, indices) => gather(x, indices as never),
  gatherND: (x, _, indices) => gatherND(x, reshape(indices, [-1, 1])),
  "max of rows": (x) => max(x, 1),
  maximum: (x) => maximum(x, 0.5),
  "mean of columns": (x) => mean(x, 0),
  "min of columns": (x) => min(x, 0),
  neg: (_, integers) => neg(integers),
  prelu: (x) => prelu(x, sum(x, 0)),
  prod: (x) => prod(x, 0),
  scatterND: (x, _, indices) => scatterND(reshape(indices, [-1, 1]), gather(x, indices as never), [700, 600]),
  stridedSlice: (x) => stridedSlice(x, [0, 1], [700, 600], [2, 1]),
  "sum of all": (x) => sum(x),
  "sum of columns": (x) => sum(x, 0),
  tensorScatterUpdate: (x, _, indices) => tensorScatterUpdate(x, reshape(indices, [-1, 1]), gather(x, indices as never)),
  where: (x, integers) => where(greater(x, 0), x, integers),
};

test("three threads give the numbers of one, bit for bit", async () => {
  const [one, three] = [await bitsWith(1), await bitsWith(3)];
  const different = Object.keys(calls).filter((name) => !sameBytes(one.get(name)!, three.get(name)!));
  expect(different).toEqual([]);
});

async function bitsWith(threads: number): Promise<Map<string, Uint8Array>> {
  if (engine().registryFactory["wasm"] !== undefined) removeBackend("wasm");
  await startWasm({ threads });
  const bits = new Map<string, Uint8Array>();
  tidy(() => {
    const x = randomTensor([700, 600], 1);
    const integers = cast(randomTensor([700, 600], 2, 1000), "int32");
    const indices = cast(clipByValue(randomTensor([900], 3, 300), 0, 699), "int32");
    for (const [name, call] of Object.entries(calls)) bits.set(name, bytesOf(call(x, integers, indices)));
  });
  return bits;
}

function bytesOf(x: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = x.dataSync();
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length > 0 && a.length === b.length && a.every((byte, at) => byte === b[at]);
}
