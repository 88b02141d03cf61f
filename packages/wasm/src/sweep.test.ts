import { getKernelsForBackend } from "@tensorflow/tfjs-core";
import { elementwiseSweep, imageSweep, layoutSweep, listSweep, startWasm, sweepKernels } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";

const sweeps = { elementwise: elementwiseSweep(), layout: layoutSweep(), images: imageSweep(), lists: listSweep() };

/** Where this backend differs from the CPU backend on purpose. */
const exceptions: Readonly<Record<string, string>> = {
  ArgMax: "an empty axis has no largest number: PyTorch refuses it too",
  ArgMin: "an empty axis has no smallest number: PyTorch refuses it too",
  Conv2D: "images without channels are refused",
  CropAndResize: "boxes of images that do not exist are refused",
  DepthwiseConv2dNative: "images without channels are refused",
  FloorDiv: "a float32 quotient stays float32, as in TensorFlow; the CPU backend makes it int32",
  FusedConv2D: "images without channels are refused",
  FusedDepthwiseConv2D: "images without channels are refused",
};

/** Kernels of strings, of lists of random length, or with fuzz cases of their own. */
const elsewhere = new Set(
  [
    "DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput Einsum Multinomial NonMaxSuppressionV4",
    "SparseFillEmptyRows StringNGrams StringSplit StringToHashBucketFast",
  ].flatMap((line) => line.split(" ")),
);

describe("every kernel of the backend agrees with tfjs's CPU backend in ranks 0 to 8, empty and broadcast", () => {
  beforeAll(async () => {
    await startWasm({ threads: 1 });
  });

  test.each(Object.entries(sweeps))("%s", async (_, cases) => {
    const differences = await sweepKernels(cases, "wasm");
    expect(differences.filter(({ kernelName }) => exceptions[kernelName] === undefined)).toEqual([]);
  });

  test("exceptions occur, and all but one are refused by a sentence", async () => {
    const differences = await sweepKernels(
      Object.values(sweeps)
        .flat()
        .filter(({ kernelName }) => exceptions[kernelName] !== undefined),
      "wasm",
    );
    expect([...new Set(differences.map(({ kernelName }) => kernelName))].toSorted()).toEqual(Object.keys(exceptions));
    for (const { kernelName, refused, actual } of differences) {
      expect([kernelName, refused]).toEqual([kernelName, kernelName !== "FloorDiv"]);
      if (refused) expect(actual).toMatch(/must be/);
    }
  });

  test("every kernel that both backends have has cases", () => {
    const swept = new Set(Object.values(sweeps).flatMap((cases) => cases.map(({ kernelName }) => kernelName)));
    const onCpu = new Set(getKernelsForBackend("cpu").map(({ kernelName }) => kernelName));
    const shared = getKernelsForBackend("wasm").filter(({ kernelName }) => onCpu.has(kernelName));
    expect(shared.map(({ kernelName }) => kernelName).filter((name) => !swept.has(name) && !elsewhere.has(name))).toEqual([]);
  });
});
